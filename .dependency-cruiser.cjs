// The house's import rules: arrows point downwards only (ARCHITECTURE.md, "The map").
const rooms = [
  'core',
  'ports',
  'config',
  'test-reports',
  'analysis',
  'stages',
  'providers',
  'emulator',
  'store',
  'runtime',
  'outputs',
  'commands',
];
/** What each room may import besides itself. The order is the house, from the cellar up. */
const mayImport = {
  core: [],
  config: ['core'],
  ports: ['core'],
  'test-reports': ['core'],
  analysis: ['core', 'ports'],
  store: ['core', 'ports'],
  providers: ['core', 'ports', 'config', 'test-reports'],
  stages: ['core', 'ports', 'config', 'analysis', 'test-reports'],
  outputs: ['core', 'ports', 'config'],
  runtime: ['core', 'ports', 'config'],
  emulator: ['core', 'ports'],
  commands: ['core', 'ports', 'config', 'runtime', 'outputs', 'store', 'emulator', 'test-reports', 'analysis'],
};
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...rooms.map((room) => ({
      name: `${room}-points-downwards`,
      severity: 'error',
      from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: [`^src/${room}/`, ...mayImport[room].map((r) => `^src/${r}/`)] },
    })),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^node_modules' },
  },
};
