/**
 * Metrics for whoever runs Sotto, as numbers that a monitoring system fetches (the text format of Prometheus, which
 * OpenMetrics comes from). They name no person, team or site, and are there only where a token was set for them.
 */
import { Hono } from 'hono';
import { configOf, type Env } from '../../config.ts';
import { dataHeaders } from '../../headers.ts';
import { bears, type Http } from '../../http.ts';
import { ledgerOf } from '../../ledger.ts';
import { refuseBlocked } from '../../people/guard.ts';
import { listTeams } from '../../people/teams.ts';
import type { Team } from '../../protocol/bodies.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { watchOf } from '../alarms.ts';
import { liveTeams } from '../live.ts';
import { playedTeams } from '../played.ts';
import { overdueKeys } from '../rotation.ts';

/** `each`: values by labels, as they are written; one without any is by itself. */
type Metric = { name: string; help: string; type: 'gauge' | 'counter'; each: Record<string, number> };

export const metricsRoutes = new Hono<Http>().get('/metrics', async (c) => {
  const { metricsToken } = configOf(c.env);
  // Without one, or with another, there is no such page.
  if (metricsToken === null || !bears(c.req.raw, metricsToken)) throw new Refusal('not_found');
  await refuseBlocked(c.env, c.req.raw, {});
  const metrics = await metricsOf(c.env, Date.now());
  return c.newResponse(metrics.map(textOf).join(''), 200, {
    ...dataHeaders,
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
  });
});

async function metricsOf(env: Env, now: number): Promise<Metric[]> {
  const [teams, standing, ledger, overdue] = await Promise.all([
    teamsAtWork(env).then((teams) => liveTeams(env, teams)),
    watchOf(env).standing(),
    ledgerOf(env).checkpoint(),
    overdueKeys(env, now),
  ]);
  const inboxes = teams.flatMap(({ inbox }) => inbox ?? []);
  const sum = (of: (inbox: (typeof inboxes)[number]) => number) =>
    inboxes.reduce((all, inbox) => all + of(inbox), 0);
  const longest = Math.max(0, ...inboxes.map(({ waitingSince }) => now - (waitingSince ?? now)));
  // Whoever is in several teams is one person.
  const people = new Map(inboxes.flatMap((inbox) => inbox.people.map(({ id, presence }) => [id, presence])));
  const present = (wanted: string) => [...people.values()].filter((presence) => presence === wanted).length;
  const gauge = (name: string, help: string, each: Record<string, number>): Metric => ({
    ...{ name, help, type: 'gauge', each },
  });
  return [
    gauge('sotto_conversations', 'Conversations that are not closed.', {
      '{state="waiting"}': sum(({ waiting }) => waiting),
      '{state="claimed"}': sum(({ claimed }) => claimed),
    }),
    gauge('sotto_conversations_unanswered', 'Conversations whose customer wrote last.', {
      '': sum(({ unanswered }) => unanswered),
    }),
    gauge('sotto_longest_wait_seconds', 'How long the first of these waits.', { '': longest / 1000 }),
    gauge('sotto_messages_per_minute', 'Messages a minute, over the last five.', {
      '': sum(({ perMinute }) => perMinute),
    }),
    gauge('sotto_staff', 'Staff who have Sotto open.', {
      '{presence="available"}': present('available'),
      '{presence="away"}': present('away'),
    }),
    gauge('sotto_alarms_open', 'Alarms that nobody has answered.', { '': standing.openAlarms }),
    gauge('sotto_keys_overdue', 'Keys that should have been renewed.', { '': overdue.length }),
    gauge('sotto_webhook_deliveries_waiting', 'What could not be posted yet.', {
      '': standing.deliveriesWaiting,
    }),
    gauge(
      'sotto_faults_day',
      'What failed within 24 hours, by the kind of work.',
      Object.fromEntries(Object.entries(standing.faults).map(([fault, n]) => [`{fault="${fault}"}`, n])),
    ),
    {
      ...{ name: 'sotto_ledger_entries_total', help: 'Entries of the ledger.', type: 'counter' },
      each: { '': ledger.size },
    },
  ];
}

/** All teams but one that is a drill's: nobody waits there. */
async function teamsAtWork(env: Env): Promise<Team[]> {
  const [teams, played] = await Promise.all([listTeams(env), playedTeams(env)]);
  return teams.filter(({ id }) => !played.has(id));
}

function textOf({ name, help, type, each }: Metric): string {
  const lines = Object.entries(each).map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
