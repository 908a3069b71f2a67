/** The same light look for an inbox; the widget has none, so it stands apart. */
import type { InboxServerFrame } from '../../protocol/frames.ts';
import { type Examples, fits } from './frame-shape.ts';

const entry = { id: '', team: '', version: 0 };
const people = [{ id: '', presence: '' }];

const examples: Examples<InboxServerFrame['type']> = {
  list: { until: 0, entries: [entry], more: true, people },
  page: { entries: [entry], more: true },
  people: { people },
  entry: { entry },
  gone: { id: '', version: 0 },
  refused: { code: '', detail: '' },
  renewed: { until: 0 },
};

export function isInboxFrame(frame: { type: string }): frame is InboxServerFrame {
  return fits(examples, frame);
}
