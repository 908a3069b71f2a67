import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../../protocol/ids.ts';
import {
  type FullIncident,
  type IncidentState,
  incidentStates,
  openStates,
} from '../../protocol/incidents.ts';
import { nobody } from '../../protocol/processing.ts';
import { noticesFor } from './notices.ts';
import { clocksOf, dueAt, isAbout, notClosable, notMovable } from './rules.ts';

const hour = 3_600_000;
const [anna, ben] = [newId('person'), newId('person')];

describe('the states of an incident', () => {
  it('N4 go forward by one without a reason, back with one, and nowhere from the end', () => {
    const anyState = fc.constantFrom<IncidentState>(...incidentStates);
    fc.assert(
      fc.property(
        anyState,
        fc.constantFrom(...openStates),
        fc.constantFrom(null, 'Why'),
        (from, to, reason) => {
          const steps = incidentStates.indexOf(to) - incidentStates.indexOf(from);
          const isFit = from !== 'closed' && (reason === null ? steps === 1 : steps < 0);
          expect(notMovable(from, to, reason) === undefined).toBe(isFit);
        },
      ),
    );
    expect(notMovable('closed', 'followUp', 'It came back.')).toBe('incident_closed');
  });

  it('N5 end after following up alone, and not while a clock of the law runs', () => {
    expect(notClosable('followUp', [])).toBeUndefined();
    expect(notClosable('followUp', [{ settledAt: 1 }])).toBeUndefined();
    expect(notClosable('followUp', [{ settledAt: 1 }, { settledAt: null }])).toBe('clock_runs');
    expect(notClosable('closed', [])).toBe('incident_closed');
    for (const state of openStates.filter((each) => each !== 'followUp'))
      expect(notClosable(state, [])).toBe('not_next');
  });
});

describe('the clocks of the law', () => {
  it('N6 run 72 hours and 60 days from when it became known, or name no time', () => {
    expect(dueAt('gdpr.authority', 1_000)).toBe(1_000 + 72 * hour);
    expect(dueAt('hipaa.people', 1_000)).toBe(1_000 + 60 * 24 * hour);
    expect(dueAt('gdpr.people', 1_000)).toBeNull();
  });

  it('N6 N8 run for the GDPR always, for HIPAA where its profile is on, and never in a drill', () => {
    expect(clocksOf(false, [])).toEqual(['gdpr.authority', 'gdpr.people']);
    expect(clocksOf(false, ['hipaa', 'ccpa'])).toEqual(['gdpr.authority', 'gdpr.people', 'hipaa.people']);
    expect(clocksOf(true, ['gdpr', 'hipaa'])).toEqual([]);
  });
});

it('N5 an incident is about whom it names', () => {
  expect(isAbout([newId('conversation'), anna], anna)).toBe(true);
  expect(isAbout([newId('conversation'), anna], ben)).toBe(false);
});

it('N7 the texts for notices say what is known, and leave in brackets what is not', () => {
  const done = { by: anna, at: 2 };
  const task = { id: '1', phase: 'contain', person: null, dueAt: null, done } as const;
  const incident: FullIncident = {
    ...{ id: newId('incident'), title: 'T', kind: 'misdirected', severity: 2, state: 'contain' },
    ...{ origin: 'person', drill: false, declaredAt: 3, closedAt: null, nextDueAt: null, declaredBy: anna },
    ...{ noticedAt: Date.UTC(2026, 10, 28, 9), beganAt: Date.UTC(2026, 10, 27, 8), alarm: null, things: [] },
    ...{ people: {}, notes: [], review: null },
    tasks: [
      { ...task, text: 'Redact the message.' },
      { ...task, text: 'Not yet.', done: null },
    ],
    clocks: (['gdpr.authority', 'gdpr.people', 'hipaa.people'] as const).map((clock) => ({
      ...{ clock, dueAt: null, settled: null },
    })),
  };
  const contact = { name: 'Acme GmbH', contact: 'privacy@acme.example', officer: '' };
  const notices = noticesFor(incident, contact);
  expect(notices.map(({ clock, language }) => `${clock} ${language}`)).toEqual([
    ...['gdpr.authority en', 'gdpr.authority de', 'gdpr.people en', 'gdpr.people de', 'hipaa.people en'],
  ]);
  for (const { text } of notices) {
    expect(text).toContain('Acme GmbH, privacy@acme.example'.split(',')[0]);
    expect(text).toContain('- Redact the message.');
    expect(text).not.toContain('Not yet.');
    expect(text).toMatch(/27\.? November 2026/);
  }
  expect(notices[0]?.text).toContain('[Name and contact of the data protection officer');
  expect(noticesFor(incident, nobody)[1]?.text).toContain('[Name des Verantwortlichen]');
  expect(noticesFor({ ...incident, clocks: [] }, contact)).toEqual([]);
});
