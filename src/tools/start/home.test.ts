import { expect, test } from 'vitest';
import { homeOf } from './home.ts';
import { ROOT } from '../project.ts';

test('a home of its own is complete in itself, secrets included', () => {
  const home = homeOf({ SOTTO_HOME: '/tmp/elsewhere', SOTTO_PORT: '9001', SOTTO_SHOP_PORT: '9002' });
  expect(home).toMatchObject({
    state: '/tmp/elsewhere/state',
    secrets: '/tmp/elsewhere/.dev.vars',
    origin: 'http://localhost:9001',
    shopOrigin: 'http://127.0.0.1:9002',
  });
});

test('without one, data lies in .sotto and the secrets where wrangler looks for them', () => {
  expect(homeOf({})).toMatchObject({
    folder: `${ROOT}/.sotto`,
    secrets: `${ROOT}/.dev.vars`,
    port: 8787,
    shopPort: 8788,
  });
});

test.each(['0', '65536', '80a', '', '-1'])('%j is no port', (port) => {
  expect(() => homeOf({ SOTTO_PORT: port })).toThrow(
    `SOTTO_PORT must be a port between 1 and 65535, and is "${port}".`,
  );
});

test('both servers need a port of their own', () => {
  expect(() => homeOf({ SOTTO_PORT: '8788' })).toThrow('SOTTO_PORT and SOTTO_SHOP_PORT must differ.');
});
