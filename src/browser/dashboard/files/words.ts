/** What staff are told of files beside what both faces say of them. */
import type { Cover } from '../../../protocol/frames.ts';

export const words = {
  view: 'View',
  viewThis: (name: string) => `View: ${name}`,
  enlarge: 'Enlarge',
  enlargeThis: (name: string) => `Enlarge: ${name}`,
  hide: 'Hide',
  hideThis: (name: string) => `Hide: ${name}`,
  saveThis: (name: string) => `Save: ${name}`,
  fit: 'Fit to the window',
  actualSize: 'Actual size',
  lost: 'This file can not be shown any more. Close this window and open it again.',
  covered: (reasons: string) => `Covered: ${reasons}.`,
  covers: {
    identity: 'it looks like proof of identity',
    medical: 'it looks medical',
    financial: 'it looks like something of money',
    document: 'it has the shape of a document',
    sender: 'its sender asked for it',
    site: 'this site covers every file',
  } satisfies Record<Cover, string>,
  revealAsk: {
    show: (name: string) => `Reveal ${name}?`,
    save: (name: string) => `Save ${name}?`,
    recorded:
      'That you opened it, when and why is kept in the ledger. You may be asked for your second factor once more.',
    label: 'Why you have to see it',
  },
  revealDo: { show: 'Reveal', save: 'Save' },
  release: 'Let it be opened…',
  releaseThis: (name: string) => `Let it be opened: ${name}`,
  releaseAsk: {
    title: (name: string) => `Let ${name} be opened?`,
    text: [
      'Nobody could scan it for malware. It may harm the computer of whoever opens or saves it.',
      'Let it be opened only if you know from its sender what it is. From then on everybody who may open files here can open it.',
      'That you did it, when and why is kept in the ledger.',
    ],
    label: 'Why it is safe to open',
    action: 'Let it be opened',
  },
  secrets:
    'It seems to hold passwords or keys. Pass it to nobody, tell its sender to change them, and redact it once it is not needed any more.',
};
