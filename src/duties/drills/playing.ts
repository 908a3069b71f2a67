/**
 * Playing a drill to its end, a stretch at a time: its stage is set, the scenario played, and it is watched for the alarm,
 * the incident and what contains it; then it is mended, and the stage cleared. Nobody's data but its own is touched.
 */
import { entriesConcerning, idOf, ledgerOf } from '../../ledger.ts';
import { logFault } from '../../log.ts';
import { enter } from '../../people/recording.ts';
import { StaffDirectory, tellRights } from '../../people/staff.ts';
import { drillPatience, type DrillReport, type DrillScenario } from '../../protocol/drills.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import type { LedgerAction } from '../../protocol/ledger.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { watchOf } from '../alarms.ts';
import { drillIncident } from '../incidents.ts';
import { DrillStore } from '../played.ts';
import { seenBy } from '../radius.ts';
import type { Portion } from '../runs.ts';
import { account } from './account.ts';
import { backup } from './backup.ts';
import { clearStage } from './clearing.ts';
import { file } from './file.ts';
import { sits, stolenToken } from './intruder.ts';
import { key } from './key.ts';
import { noteGap, type Playing, type Scenario, Unplayable } from './scenario.ts';
import { setStage } from './stage.ts';

const scenarios: Record<DrillScenario, Scenario> = { account, key, file, backup };

/** So long a socket is watched in one portion, and so often it is looked what else has happened. */
const watchedFor = 15_000;
const lookEvery = 500;
/** What is mended later is not. */
const recoverWithin = 10 * 60_000;
/** The ledger is told within this time of what a socket has seen already. */
const toldWithin = 5_000;
/** The act has to be felt at open sockets within this time (N20 to N28). */
const feltWithin = 1_000;

type Stage = 'stage' | 'play' | 'watch' | 'recover' | 'clear';
/** @returns the next stage; null: it is over */
type Step = (playing: Playing, scenario: Scenario) => Promise<Stage | null>;

const steps: Record<Stage, Step> = { stage, play, watch, recover, clear };

export const playPortion: Portion = async (env, run, place) => {
  const store = new DrillStore(env.DB);
  const drill = await store.find(run);
  if (drill === undefined || drill.overAt !== null) return { place: null, done: 0 };
  const playing = { env, store, drill };
  const at = (place ?? 'stage') as Stage;
  // One that never gets on is ended all the same, and its stage cleared.
  const isLate = Date.now() > drill.begunAt + 2 * drillPatience + recoverWithin;
  try {
    return { place: await (isLate ? clear : steps[at])(playing, scenarios[drill.scenario]), done: 1 };
  } catch (error) {
    if (!(error instanceof Unplayable || error instanceof Refusal)) throw error;
    logFault('drills', error);
    await noteGap(playing, error instanceof Unplayable ? error.gap : 'notPlayed');
    return { place: 'clear', done: 1 };
  }
};

async function stage(playing: Playing, { conversations }: Scenario): Promise<Stage> {
  return (await setStage(playing, conversations)) ? 'play' : 'stage';
}

async function play(playing: Playing, scenario: Scenario): Promise<Stage> {
  if (playing.drill.report.playedAt === null) await note(playing, { playedAt: Date.now() });
  return (await scenario.play(playing)) === 'more' ? 'play' : 'watch';
}

/** Sits where whoever is played has read, until that is closed. */
async function watch(playing: Playing): Promise<Stage> {
  const { drill, store } = playing;
  const [room] = await store.things(drill.id, 'con', 'seen');
  if (room === undefined) throw new Unplayable('notPlayed');
  const socket = await sits(playing, room as ConversationId);
  if (socket === undefined) {
    if ((await stolenToken(playing)) !== undefined) throw new Unplayable('notPlayed');
    await contained(playing, null);
    return 'recover';
  }
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener('close', () => resolve(Date.now()));
  });
  for (const end = Date.now() + watchedFor; Date.now() < end;) {
    await lookAround(playing);
    const closedAt = await Promise.race([closed, scheduler.wait(lookEvery).then(() => undefined)]);
    if (closedAt === undefined) continue;
    await contained(playing, closedAt);
    return 'recover';
  }
  socket.close(1000);
  return 'watch';
}

/** Whether there is an alarm, and an incident that somebody has declared; and contains it where nobody did in time. */
async function lookAround(playing: Playing): Promise<void> {
  const { env, drill } = playing;
  const { report, person, begunAt } = drill;
  if (report.alarm === null) {
    const [alarm] = await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 1, [person]);
    if (alarm !== undefined) await note(playing, { alarm: { id: alarm.id, rule: alarm.rule, at: alarm.at } });
  }
  if (report.declared === null) {
    const declared = await drillIncident(env, {
      about: [person, report.alarm?.id ?? person],
      since: begunAt,
    });
    if (declared !== undefined) await note(playing, { declared });
  }
  if (Date.now() > begunAt + drillPatience && !report.gaps.includes('notContained')) {
    await noteGap(playing, 'notContained');
    await shutOut(playing);
  }
}

/** As `contain` does it with a person, by the drill itself. */
async function shutOut({ env, drill: { person, id } }: Playing): Promise<void> {
  const { store } = new StaffDirectory(env);
  const what = { actor: null, action: 'incident.contain', object: person, subject: person } as const;
  await enter(env, { ...what, facts: { contain: 'person', reason: 'drill' } }, idOf('incident.contain', id));
  await store.disable(person, 'agent');
  await tellRights(env, [person]);
}

const acts: readonly LedgerAction[] = ['incident.contain', 'people.endSessions', 'people.change'];

/** @param closedAt when what was open was closed; null: nothing was open just then */
async function contained(playing: Playing, closedAt: number | null): Promise<void> {
  await lookAround(playing);
  const act = await actOn(playing);
  const at = closedAt ?? act?.at ?? Date.now();
  const by = act === undefined ? 'itself' : act.actor === null ? 'drill' : 'people';
  const socketMs = act === undefined || closedAt === null ? null : Math.max(0, closedAt - act.at);
  await note(playing, { contained: { at, by, socketMs } });
  if (socketMs !== null && socketMs > feltWithin) await noteGap(playing, 'slowSocket');
}

/** What has shut out whoever is played, as the ledger has it: it is told a moment after it was done. */
async function actOn({ env, drill }: Playing) {
  const { person, team, begunAt } = drill;
  for (const end = Date.now() + toldWithin; ;) {
    await ledgerOf(env).checkpoint();
    const concerned = { about: [person], action: acts, from: begunAt };
    const { entries } = await entriesConcerning(env, concerned, undefined, 100);
    const act = entries.findLast(
      ({ action, object, outcome, facts }) =>
        outcome === 'done' &&
        (acts as readonly string[]).includes(action) &&
        (object === person || object === team || facts['door'] === 'DELETE /sessions'),
    );
    if (act !== undefined || Date.now() > end) return act;
    await scheduler.wait(lookEvery);
  }
}

async function recover(playing: Playing, scenario: Scenario): Promise<Stage> {
  const { drill } = playing;
  if (drill.report.radius === null) await measure(playing);
  const since = drill.report.contained?.at ?? drill.begunAt;
  if (await scenario.recover(playing)) {
    await note(playing, { recoveredAt: Date.now() });
    return 'clear';
  }
  if (Date.now() > since + recoverWithin) throw new Unplayable('notRecovered');
  await scheduler.wait(lookEvery);
  return 'recover';
}

/** What the ledger says that they saw, against what the drill knows that they did. */
async function measure(playing: Playing): Promise<void> {
  const { env, store, drill } = playing;
  const read = await store.things(drill.id, 'con', 'seen');
  for (const end = Date.now() + toldWithin; ;) {
    const seen = await seenBy(env, drill.person, { from: drill.begunAt, to: Date.now() });
    const found = new Set(seen.things.filter(({ certain }) => certain).map(({ object }) => object));
    const isExact = found.size === read.length && read.every((id) => found.has(id));
    if (isExact || Date.now() > end) {
      await note(playing, { radius: { read: read.length, found: found.size, isExact } });
      if (!isExact) await noteGap(playing, 'radiusDiffers');
      return;
    }
    await scheduler.wait(lookEvery);
  }
}

/** It is over once nothing is left, and only then said what it has shown. */
async function clear(playing: Playing): Promise<Stage | null> {
  const { env, store, drill } = playing;
  if (drill.report.alarm === null) await noteGap(playing, 'noAlarm');
  if (drill.report.declared === null) await noteGap(playing, 'notDeclared');
  if (drill.report.recoveredAt === null) await noteGap(playing, 'notRecovered');
  if (!(await clearStage(playing))) return 'clear';
  const { scenario, report, begunBy } = drill;
  const facts = { scenario, begunBy, contained: report.contained?.by ?? null, gaps: report.gaps };
  await enter(
    env,
    { actor: null, action: 'incident.drill', object: drill.id, facts },
    idOf('incident.drill', drill.id),
  );
  await store.finish(drill.id, report, Date.now());
  return null;
}

async function note({ store, drill }: Playing, more: Partial<DrillReport>): Promise<void> {
  Object.assign(drill.report, more);
  await store.setReport(drill.id, drill.report);
}
