import { eventView } from '/event-view.js';

const events = document.querySelector('#events');
const { backendUrl } = await (await fetch('/config.json')).json();

document.querySelector('#login').addEventListener('submit', async (submit) => {
  submit.preventDefault();
  const credentials = Object.fromEntries(new FormData(submit.target));
  const response = await fetch(new URL('/api/login', backendUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
  });
  const body = await response.json();
  if (!response.ok) return show({ text: body.error, failed: true });
  submit.target.hidden = true;
  connect(body.token);
});

function connect(token) {
  const address = new URL('/ws', backendUrl);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address, ['jwt-auth', `jwt.${token}`]);
  socket.addEventListener('message', ({ data }) => show(eventView(JSON.parse(data))));
  socket.addEventListener('close', () => show({ text: 'Connection closed', failed: true }));
  const ask = document.querySelector('#ask');
  ask.hidden = false;
  ask.addEventListener('submit', (submit) => {
    submit.preventDefault();
    socket.send(JSON.stringify({ type: 'run', message: new FormData(ask).get('message') }));
    ask.reset();
  });
}

function show({ text, failed }) {
  const line = document.createElement('li');
  line.textContent = text;
  line.classList.toggle('failed', failed);
  events.append(line);
}
