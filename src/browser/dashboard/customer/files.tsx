/** The part of the panel that says which files this conversation has. */
import { lazy } from '../lazy.tsx';
import type { Here } from '../conversation/doing.ts';
import { words } from './words.ts';

const FileList = lazy(async () => (await import('./file-list.tsx')).FileList);

export function Files({ here }: { here: Here }) {
  return (
    <section>
      {/* Where the command for it leads. */}
      <h3 id="files" tabIndex={-1}>
        {words.files}
      </h3>
      <FileList here={here} />
    </section>
  );
}
