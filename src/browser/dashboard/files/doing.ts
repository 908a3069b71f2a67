/** What is done to a file. What is covered is opened for a reason, which the ledger keeps. */
import type { FileView } from '../../../protocol/frames.ts';
import type { As } from '../../ui/files/open.ts';
import { nameOf } from '../../ui/files/saying.ts';
import type { Here } from '../conversation/doing.ts';
import { coversOf } from './covers.ts';
import { words } from './words.ts';

/** Where this browser can load it from, for a while; null if whoever asked would not say why. */
export async function openFile({ desk, screen, room }: Here, file: FileView, as: As): Promise<string | null> {
  const open = (reason?: string) =>
    desk.acts.openFile(room.client.id, file.id, { as, ...(reason !== undefined && { reason }) });
  const covers = coversOf(file);
  if (covers.length === 0) return open();
  let address: string | null = null;
  await screen.show({
    reason: {
      name: `why ${file.id} is opened`,
      title: words.revealAsk[as](nameOf(file)),
      text: [...covers, words.revealAsk.recorded],
      label: words.revealAsk.label,
      action: words.revealDo[as],
      submit: async (reason) => {
        address = await open(reason);
      },
    },
  });
  return address;
}

/** Shows it over the page. */
export async function viewFile(here: Here, file: FileView, known: string | null = null): Promise<void> {
  const { desk, screen, room } = here;
  await screen.attempt('view a file', async () => {
    const address = known ?? (await openFile(here, file, 'show'));
    // Whoever has gone elsewhere meanwhile is shown nothing of it there.
    if (address === null || file.about === null || desk.rooms.current.peek() !== room) return;
    screen.open({ file: { name: nameOf(file), group: file.about.group, address } });
  });
}

export function releaseFile({ desk, screen, room }: Here, file: FileView): void {
  const { title, text, label, action } = words.releaseAsk;
  screen.open({
    reason: {
      ...{
        name: `why ${file.id} is let be opened`,
        title: title(nameOf(file)),
        text,
        label,
        action,
        danger: true,
      },
      submit: (reason) => desk.acts.releaseFile(room.client.id, file.id, reason),
    },
  });
}
