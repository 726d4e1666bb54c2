const lineCharsMin = 16;

/** The texts by which a secret's value can be recognised: itself and what it becomes on its way into a log or a report. */
export function formsOf(value: string): string[] {
  const plain = value.trim().replace(/\p{Surrogate}/gu, '\uFFFD');
  const forms = [plain, ...linesOf(plain)].flatMap((text) => [
    text,
    ...jsonForms(text),
    ...xmlForms(text),
    ...urlForms(text),
    ...base64Forms(text),
  ]);
  return [...new Set(forms)];
}

/** A key file is logged line by line. Its frame lines are no secret. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= lineCharsMin && !line.startsWith('-----'));
}

/** Inside a JSON string, and inside a JSON string inside a JSON string. */
function jsonForms(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [once, once.replaceAll('/', '\\/'), JSON.stringify(once).slice(1, -1)];
}

function xmlForms(text: string): string[] {
  const content = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const full = content.replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  return [
    content,
    content.replaceAll('>', '&gt;'),
    full,
    full.replaceAll("'", '&apos;'),
    full.replaceAll("'", '&#39;'),
  ];
}

function urlForms(text: string): string[] {
  const component = encodeURIComponent(text);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const upper = [component, form, encodeURI(text)];
  return [...upper, ...upper.map((encoded) => encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/**
 * Base64 works on groups of three bytes, so inside a longer encoded text (`user:secret`) a value has three shapes, by what
 * stands before it. The characters at its ends also depend on its neighbours and are left out.
 */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const whole = bytes.toString('base64');
  const inner = [0, 1, 2].map((before) => {
    const bits = (before + bytes.length) * 8;
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
  });
  const forms = [whole, whole.replace(/=+$/, ''), ...inner];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}
