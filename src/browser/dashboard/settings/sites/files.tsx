/** Which files customers and staff may send each other here, for how long they are kept, and what it takes to open one. */
import { groups, type Group } from '../../../../protocol/files.ts';
import type { ProfileId } from '../../../../protocol/laws.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Choice, Line, Tick } from '../../form/field.tsx';
import { Held, isHeld, endOf } from '../held.tsx';
import { words } from '../words.ts';
import { type Draft, MB } from './draft.ts';
import type { PartProps } from './part-props.ts';

/** `held`: the profiles that are on. */
export function FileFields({ draft: { files }, change, held }: PartProps & { held: readonly ProfileId[] }) {
  const mostDays = endOf(held, 'files.days', limits.fileDaysMax);
  const set = (changed: Partial<Draft['files']>) => change({ files: { ...files, ...changed } });
  const tick = (group: Group, wanted: boolean) =>
    // In one order, so that ticking and unticking changes nothing.
    set({ groups: groups.filter((each) => (each === group ? wanted : files.groups.includes(each))) });
  const { sites } = words;
  return (
    <fieldset class="group">
      <legend>{sites.files}</legend>
      <p class="soft">{sites.filesHint}</p>
      <fieldset class="choices">
        <legend>{sites.fileGroupsLegend}</legend>
        {groups.map((group) => (
          <Tick
            key={group}
            label={sites.fileGroups[group]}
            checked={files.groups.includes(group)}
            change={(wanted) => tick(group, wanted)}
          />
        ))}
      </fieldset>
      {files.groups.length === 0 ? (
        <p class="soft" role="status">
          {sites.noFiles}
        </p>
      ) : (
        <>
          <Line
            label={sites.fileSize}
            hint={sites.fileSizeHint(limits.fileBytes / MB)}
            value={files.megabytes}
            change={(megabytes) => set({ megabytes })}
            input={{ type: 'number', min: 1 / MB, max: limits.fileBytes / MB, step: 'any', required: true }}
          />
          <Line
            label={sites.fileDays}
            hint={sites.fileDaysHint(mostDays)}
            value={files.days}
            change={(days) => set({ days })}
            input={{ type: 'number', min: 1, max: mostDays, step: 1, required: true }}
          />
          <Held on={held} setting="files.days" />
          <Choice
            label={sites.fileCovers}
            hint={sites.fileCoversHint}
            value={files.sensitive}
            disabled={files.sensitive === 'all' && isHeld(held, 'files.sensitive')}
            change={(sensitive) => set({ sensitive: sensitive === 'all' ? 'all' : 'some' })}
            options={[
              ['some', sites.fileCoversSome],
              ['all', sites.fileCoversAll],
            ]}
          />
          <Held on={held} setting="files.sensitive" />
          <Tick
            label={sites.fileCode}
            checked={files.code}
            change={(code) => set({ code })}
            disabled={files.code && isHeld(held, 'files.code')}
          />
          <p class="soft">{sites.fileCodeHint}</p>
          <Held on={held} setting="files.code" />
        </>
      )}
    </fieldset>
  );
}
