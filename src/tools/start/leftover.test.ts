import { expect, test } from 'vitest';
import { ROOT } from '../project.ts';
import { isOurTool, serverProcesses } from './leftover.ts';
import { processes } from './processes.ts';

const GROUP = 4242;
const process_ = (command: string, group = GROUP) => ({ pid: 4243, group, command });

test('wrangler and the runtimes that outlive it are ours to end', () => {
  const ours = [
    process_(`node ${ROOT}/node_modules/wrangler/wrangler-dist/cli.js dev --port 8787`),
    process_(`${ROOT}/node_modules/@cloudflare/workerd-linux-64/bin/workerd serve --binary`),
  ];
  expect(serverProcesses(GROUP, ours)).toEqual(ours);
});

test('a number that belongs to somebody else by now is left alone', () => {
  const others = [
    process_('postgres: checkpointer'),
    process_('/elsewhere/node_modules/wrangler/wrangler-dist/cli.js dev'),
    process_(`vim ${ROOT}/README.md`),
    process_(`${ROOT}/node_modules/@cloudflare/workerd-linux-64/bin/workerd serve`, GROUP + 1),
  ];
  expect(serverProcesses(GROUP, others)).toEqual([]);
});

test('a tool is known by its own file', () => {
  expect(isOurTool('/x/node src/tools/start.ts --qr all')).toBe(true);
  expect(isOurTool('/x/node src/tools/start.test.ts')).toBe(false);
});

test('the list of processes holds this one with its group', () => {
  const self = processes().find(({ pid }) => pid === process.pid);
  expect(self?.command).toContain('node');
  expect(self?.group).toBeGreaterThan(1);
});
