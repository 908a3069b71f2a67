import { incidentsStanding } from '../../incidents.ts';
import { type Check, counted, failed, passed } from '../check.ts';

export const incidentClocks: Check = {
  id: 'incident-clocks',
  group: 'law',
  title: 'Whom the law wants told of an incident was told in time',
  measures: 'Whether the time of a notice is over in an incident, and nobody has said what was done.',
  why: 'A notice that comes late costs more than what it tells.',
  answers: {
    csf: ['RS.CO-02', 'RS.CO-03'],
    gdpr: ['Art. 33(1)', 'Art. 34(1)'],
    hipaa: ['164.404(b)', '164.308(a)(6)(ii)'],
    cis: ['17.2', '17.6'],
  },
  fix: {
    how: 'Open the incident, tell them, and say there what was told, or why nobody has to be.',
    place: 'incidents',
  },
  async run({ env, at }) {
    const { open, overdue } = await incidentsStanding(env, at);
    const found = { open, overdue };
    return overdue === 0
      ? passed(`${counted(open, 'incident')} open, and no notice is late.`, found)
      : failed(`Of ${counted(overdue, 'incident')} the law’s time is over.`, found);
  },
};
