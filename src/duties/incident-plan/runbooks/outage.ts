import type { Runbook } from '../../../protocol/incidents.ts';

/** Nobody can chat. */
export const outage: Runbook = {
  when: 'Customers or staff can not reach Sotto, messages do not go through, or everything is very slow.',
  first: [
    'Look at /readyz: it says by name what does not answer.',
    'Look at Cloudflare’s own status page.',
    'Was anything deployed or changed within the last hour? Take it back.',
    'Tell staff where to answer customers meanwhile.',
    'Write down since when, and for whom.',
  ],
  tasks: {
    detect: [
      'Say what is out: the widget, the dashboard, one site, or everything.',
      'Look at the log and the metrics: which fault is new?',
      'Rule out an attack: many requests from few networks, or refusals that climb.',
    ],
    contain: [
      'Take back the last change, if it may be the cause.',
      'If it is an attack: block the networks that it comes from.',
      'Say on the site that the chat is closed for now, and how else to reach you.',
    ],
    eradicate: ['Mend the cause, and try that on this machine first.'],
    recover: [
      'See that conversations, inboxes and mail go on, and that nothing was lost.',
      'If something was lost: put it back from the last backup.',
      'Answer those who have waited.',
    ],
    followUp: [
      'Data that could not be reached can be a breach too: decide whom the law wants told.',
      'See what would have shown it sooner.',
    ],
  },
  contain: ['network', 'site', 'readOnly', 'logging'],
  tell: [
    'At once: staff, and whoever runs the site.',
    'Customers, on the site, if it lasts longer than half an hour.',
  ],
};
