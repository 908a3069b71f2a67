import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function at(hash: string) {
  const location = { hash };
  const replaceState = vi.fn();
  vi.stubGlobal('location', location);
  vi.stubGlobal('history', { replaceState });
  const { route } = await import('./route.ts');
  return { route: route.value, replaced: replaceState.mock.calls.map((call: unknown[]) => call[2]) };
}

test('an address leads to a conversation only if it names one', async () => {
  const id = 'con_AAAAAAAAAAAAAAAAAAAAAA';
  expect((await at(`#/conversations/${id}`)).route).toEqual({ at: 'conversation', id, silent: false });
  vi.resetModules();
  expect((await at(`#/conversations/${id}/watch`)).route).toEqual({ at: 'conversation', id, silent: true });
  for (const strange of ['..', '.', 'names', `${id}x`, 'per_AAAAAAAAAAAAAAAAAAAAAA']) {
    vi.resetModules();
    expect((await at(`#/conversations/${strange}`)).route, strange).toEqual({ at: 'home' });
  }
});

test('what is looked for stands in the address of a settings screen', async () => {
  const found = { at: 'settings', screen: 'ledger', id: null, query: 'actor=per_A-b&from=2026-11-01' };
  expect((await at('#/settings/ledger?actor=per_A-b&from=2026-11-01')).route).toEqual(found);
  vi.resetModules();
  expect((await at('#/settings/ledger')).route).toEqual({ ...found, query: '' });
  vi.resetModules();
  expect((await at('#/settings/ledger?<b>')).route).toEqual({ at: 'home' });
});

test('the token of a mailed link is taken out of the address at once', async () => {
  for (const kind of ['invitation', 'reset', 'address', 'owner-key']) {
    vi.resetModules();
    const { route, replaced } = await at(`#/${kind}/a-b_c.d`);
    expect(route).toEqual({ at: 'link', kind, token: 'a-b_c.d' });
    expect(replaced).toEqual(['#/']);
  }
});
