// The arrows between the rooms, as docs/ARCHITECTURE.md draws them. src/tools/arrows.test.ts breaks each of
// them on purpose and expects this file to notice.

/** Everything of ours except what is named. */
const ours = (...allowed) => ({ path: '^src/', pathNot: allowed });

// Rooms are entered by the files that lie in them, the vault by src/vault.ts alone. Configuration, log and the reading of
// requests are the floor that every room on the Worker's side stands on.
const PROTOCOL = '^src/protocol/';
const VAULT = '^src/vault[.]ts$';
const PEOPLE = '^src/people/';
const CHAT = '^src/chat/';
const DUTIES = '^src/duties/';
const FLOOR = '^src/(?:config|headers|http|ledger|log|residency)[.]ts$';
/** The parts of the ledger's one writer, which stands on the floor that everybody tells it from. */
const LEDGER = '^src/ledger/';
/** What looks at a deployment from outside, and holds what is served against what was promised. */
const FROM_OUTSIDE = '^src/tools/deployed/';
/** The product whose checks are made many times over, which therefore reaches them. */
const CHECKS_WORKER = '^src/tools/bench/checks/worker[.]ts$';
/** The product that keeps files sealed and as they come, which therefore reaches what seals them. */
const FILES_WORKER = '^src/tools/bench/files/worker[.]ts$';
/** The product whose conversations are filled and backed up, which therefore reaches these doors. */
const BACKUPS_WORKER = '^src/tools/bench/backups/worker[.]ts$';
/** What puts something of theirs in the place of what the platform gives. */
const STAND_IN = '^src/tools/engine/stand-in[.]ts$';
/** The product with faults or meters in it, bundled by the fault harness and the cost model: these alone import it. */
const BENT_WORKER =
  '^src/tools/(?:chaos/worker|bench/(?:backups|checks|files|ledger-noise|metered))/worker[.]ts$';

const TEST = '[.]test[.]tsx?$';
// People test at a feature's door and write its test beside the door, so a test belongs to the feature.
const FEATURE = '^src/([^/]+)/([^/.]+)(?:[.]|/)';
const PART = '^src/([^/]+)/([^/]+)/([^/.]+)(?:[.]|/)';

const rooms = [
  { name: 'protocol-imports-nothing-of-ours', from: { path: PROTOCOL }, to: ours(PROTOCOL) },
  { name: 'vault-imports-only-itself', from: { path: '^src/vault(?:/|[.]ts$)' }, to: ours('^src/vault/') },
  {
    name: 'people-lean-on-protocol-and-vault',
    from: { path: PEOPLE },
    to: ours(PEOPLE, PROTOCOL, VAULT, FLOOR),
  },
  {
    name: 'chat-leans-on-people-protocol-and-vault',
    from: { path: CHAT },
    to: ours(CHAT, PEOPLE, PROTOCOL, VAULT, FLOOR),
  },
  {
    name: 'duties-lean-on-chat-people-protocol-and-vault',
    from: { path: DUTIES },
    to: ours(DUTIES, CHAT, PEOPLE, PROTOCOL, VAULT, FLOOR),
  },
  {
    name: 'browser-imports-only-protocol',
    from: { path: '^src/browser/' },
    to: ours('^src/browser/', PROTOCOL),
  },
  {
    name: 'tools-import-only-protocol-and-vault',
    from: { path: '^src/tools/', pathNot: [BENT_WORKER, FROM_OUTSIDE] },
    to: ours('^src/tools/', PROTOCOL, VAULT),
  },
  {
    name: 'who-looks-from-outside-knows-the-headers-too',
    from: { path: FROM_OUTSIDE },
    to: ours('^src/tools/', PROTOCOL, VAULT, '^src/headers[.]ts$'),
  },
  {
    name: 'a-bent-worker-imports-the-worker-alone',
    from: { path: BENT_WORKER, pathNot: [CHECKS_WORKER, FILES_WORKER, BACKUPS_WORKER] },
    to: ours('^src/(?:worker|schedule)[.]ts$', '^src/tools/(?:chaos/worker|bench/metered)/', STAND_IN),
  },
  {
    name: 'the-checks-worker-imports-what-it-checks',
    from: { path: CHECKS_WORKER },
    to: ours('^src/(?:worker|ledger)[.]ts$', PROTOCOL, '^src/people/[^/]+[.]ts$'),
  },
  {
    name: 'the-files-worker-imports-what-seals-files',
    from: { path: FILES_WORKER },
    to: ours('^src/(?:worker|config|chat/files)[.]ts$', PROTOCOL, VAULT),
  },
  {
    name: 'the-backups-worker-imports-what-it-fills',
    from: { path: BACKUPS_WORKER },
    to: ours(
      '^src/(?:worker|config|chat/conversation|duties/(?:runs|restore))[.]ts$',
      PROTOCOL,
      '^src/people/[^/]+[.]ts$',
      '^src/tools/bench/backups/',
      STAND_IN,
    ),
  },
  { name: 'nobody-imports-a-bent-worker', from: {}, to: { path: BENT_WORKER } },
  {
    name: 'the-floor-leans-on-protocol-and-vault',
    from: { path: [FLOOR, LEDGER] },
    to: ours(FLOOR, LEDGER, PROTOCOL, VAULT),
  },
  {
    name: 'the-ledger-by-its-door',
    from: { path: '^src/', pathNot: ['^src/ledger(?:/|[.]ts$)', '^src/worker[.]ts$'] },
    to: { path: LEDGER },
  },
  {
    name: 'the-worker-ships-no-browser-code-and-no-tools',
    from: { path: '^src/[^/]+[.]ts$' },
    to: { path: '^src/(?:browser|tools)/' },
  },
  {
    name: 'nobody-imports-the-top',
    from: { path: '^src/', pathNot: ['^src/worker[.]ts$', BENT_WORKER, TEST] },
    to: { path: '^src/(?:app|worker|schedule)[.]ts$' },
  },
];

const doors = [
  {
    name: 'vault-by-its-door',
    from: { path: '^src/', pathNot: '^src/vault(?:/|[.]ts$)' },
    to: { path: '^src/vault/' },
  },
  {
    name: 'a-feature-by-its-door',
    comment: 'Import chat/files.ts, never chat/files/...: the file is the door, the folder holds its parts.',
    from: { path: FEATURE },
    to: { path: '^src/(?:protocol|people|chat|duties)/[^/]+/', pathNot: '^src/$1/$2/' },
  },
  {
    name: 'a-feature-by-its-door-from-the-top',
    comment:
      'app.ts reads routes and worker.ts names the classes of objects and workflows; all else goes by the door.',
    from: { path: '^src/[^/]+[.]ts$' },
    to: { path: '^src/(?:protocol|people|chat|duties)/[^/]+/', pathNot: '/(?:routes|object|workflow)[.]ts$' },
  },
  {
    name: 'a-part-by-its-door',
    from: { path: PART },
    to: { path: '^src/(?:people|chat|duties)/[^/]+/[^/]+/', pathNot: '^src/$1/$2/$3/' },
  },
  {
    name: 'a-part-by-its-door-from-its-feature',
    from: { path: '^src/[^/]+/[^/]+[.]ts$' },
    to: { path: '^src/(?:people|chat|duties)/[^/]+/[^/]+/' },
  },
];

const promises = [
  {
    name: 'stores-stay-in-their-feature',
    from: { path: FEATURE },
    to: { path: '^src/.*/(?:store|history)[.]ts$', pathNot: ['^src/$1/[^/]+$', '^src/$1/$2/'] },
  },
  {
    name: 'stores-stay-out-of-the-top',
    from: { path: '^src/[^/]+[.]ts$', pathNot: VAULT },
    to: { path: '/(?:store|history)[.]ts$' },
  },
  {
    name: 'routes-only-by-the-app',
    comment: "A room's own routes.ts may gather those of its features.",
    from: { path: '^src/', pathNot: ['^src/app[.]ts$', '^src/[^/]+/routes[.]ts$', TEST] },
    to: { path: '/routes[.]ts$' },
  },
  {
    name: 'objects-only-by-their-door-and-the-worker',
    from: { path: FEATURE, pathNot: TEST },
    to: { path: '/object[.]ts$', pathNot: '^src/$1/$2/' },
  },
  {
    name: 'rules-are-pure',
    comment:
      'No storage, no network, no bindings: what decides gets its facts as arguments. Types may come from anywhere.',
    from: { path: '/(?:rules|permission)[.]ts$' },
    to: {
      path: [
        '/(?:store|history|object|routes)[.]ts$',
        FLOOR,
        '^cloudflare:',
        '^node:',
        'node_modules/(?:hono|jose)/',
      ],
      dependencyTypesNot: ['type-only'],
    },
  },
];

const hygiene = [
  { name: 'no-circles', from: {}, to: { circular: true } },
  { name: 'no-unresolvable', from: {}, to: { couldNotResolve: true, pathNot: '^cloudflare:' } },
  { name: 'nobody-imports-a-test', from: {}, to: { path: TEST } },
  { name: 'nothing-shipped-imports-worker-tests', from: { path: '^src/' }, to: { path: '^worker-tests/' } },
  {
    name: 'no-development-package-in-the-worker',
    from: { path: '^src/', pathNot: ['^src/(?:browser|tools)/', TEST, '[.]vectors[.]ts$'] },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
];

module.exports = {
  forbidden: [...rooms, ...doors, ...promises, ...hygiene].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types are dependencies too: a type of another room ties the rooms together.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['workerd', 'import', 'types'] },
  },
};
