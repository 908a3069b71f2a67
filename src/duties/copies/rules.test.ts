/** Which side of a copy each action of the ledger is on: a new one has to be said here, and stays with staff until then. */
import { describe, expect, it } from 'vitest';
import { newId } from '../../protocol/ids.ts';
import { type LedgerAction, ledgerActions } from '../../protocol/ledger.ts';
import { isBackstage } from './rules.ts';

/**
 * `told`: customers may know of it. `kept`: it is about them, and they hear nothing of it while it goes on. `others`: it
 * names no customer, so that nothing of it belongs in anybody's copy.
 */
const sides: Record<LedgerAction, 'told' | 'kept' | 'others'> = {
  'conversation.begin': 'others',
  'conversation.list': 'others',
  'conversation.read': 'told',
  'conversation.watch': 'kept',
  'conversation.claim': 'told',
  'conversation.post': 'others',
  'conversation.note': 'others',
  'conversation.handOver': 'told',
  'conversation.tag': 'others',
  'conversation.snooze': 'others',
  'conversation.close': 'told',
  'conversation.reopen': 'told',
  'conversation.rate': 'others',
  'conversation.hold': 'kept',
  'file.send': 'others',
  'file.open': 'told',
  'file.release': 'told',
  'customer.address': 'others',
  'customer.change': 'told',
  'customer.copy': 'told',
  'visitor.list': 'others',
  'visitor.ban': 'told',
  'privacy.answer': 'told',
  'message.delete': 'told',
  'message.redact': 'told',
  'replies.list': 'others',
  'replies.change': 'others',
  'inbox.rebuild': 'others',
  'people.list': 'others',
  'people.invite': 'others',
  'people.change': 'others',
  'people.endSessions': 'others',
  'people.reset': 'others',
  'owners.appoint': 'others',
  'owners.makeKey': 'others',
  'roles.change': 'others',
  'teams.list': 'others',
  'teams.create': 'others',
  'teams.change': 'others',
  'sites.list': 'others',
  'sites.create': 'others',
  'sites.change': 'others',
  'organisation.change': 'others',
  'keys.rotate': 'others',
  'backup.begin': 'others',
  'backup.putBack': 'told',
  'privacy.see': 'others',
  'privacy.change': 'others',
  'training.see': 'others',
  'training.assign': 'others',
  'checks.see': 'others',
  'checks.run': 'others',
  'live.see': 'others',
  'alarms.read': 'others',
  'alarms.answer': 'others',
  'incident.see': 'others',
  'incident.declare': 'others',
  'incident.lead': 'others',
  'incident.contain': 'others',
  'ledger.read': 'others',
  'ledger.export': 'others',
  setup: 'others',
  'signIn.password': 'others',
  'signIn.factor': 'others',
  'signIn.enrol': 'others',
  'signIn.recovery': 'others',
  'signIn.ownerKey': 'others',
  'signIn.strange': 'others',
  'session.end': 'others',
  'invitation.redeem': 'others',
  'reset.ask': 'others',
  'reset.redeem': 'others',
  'address.redeem': 'others',
  'ownerKey.cancel': 'others',
  'me.stepUp': 'others',
  'me.password': 'others',
  'me.address': 'others',
  'me.recoveryCodes': 'others',
  'me.factor': 'others',
  'me.dropFactor': 'others',
  'me.endSessions': 'others',
  'visitor.prove': 'told',
  'copy.open': 'told',
  'door.refused': 'kept',
  'conversation.expire': 'told',
  'retention.report': 'others',
  'conversation.erase': 'told',
  'privacy.ask': 'told',
  'consent.withdraw': 'told',
  'privacy.erase': 'told',
  'privacy.stop': 'kept',
  'keys.renew': 'others',
  'keys.discard': 'others',
  'keys.adopt': 'others',
  'conversation.reseal': 'told',
  'alarm.raise': 'others',
  'ledger.check': 'others',
  'backup.make': 'others',
  'backup.restore': 'others',
  'backup.return': 'told',
  'backup.drill': 'others',
  'backup.tried': 'others',
  'incident.drill': 'others',
  'file.block': 'told',
  'incident.approve': 'others',
  'training.answer': 'others',
  'training.renew': 'others',
  'checks.look': 'others',
  'transcript.send': 'told',
};

const done = { actor: null, outcome: 'done' } as const;

describe('D80 of what the ledger has of a customer, their own copy', () => {
  it.each(ledgerActions.map((action) => [action, sides[action]] as const))('has %s: %s', (action, side) => {
    expect(isBackstage({ ...done, action })).toBe(side !== 'told');
  });

  it('has nothing that nobody has looked at', () => {
    expect(isBackstage({ ...done, action: 'conversation.something' })).toBe(true);
  });

  it('has whoever reads, and not whoever does so without being shown', () => {
    expect(isBackstage({ ...done, action: 'conversation.read', facts: { silent: true } })).toBe(true);
    expect(isBackstage({ ...done, action: 'conversation.read', facts: { head: 3 } })).toBe(false);
  });

  it('has what a customer was refused, and nothing that staff tried in vain', () => {
    const refused = { action: 'file.open', outcome: 'refused' } as const;
    expect(isBackstage({ ...refused, actor: newId('person') })).toBe(true);
    expect(isBackstage({ ...refused, actor: newId('visitor') })).toBe(false);
  });
});
