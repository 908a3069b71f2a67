/** What a site needs before anything else: a name, a team, and the websites that may show it. */
import type { Team } from '../../../../protocol/bodies.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Area, Choice, Line } from '../../form/field.tsx';
import { words } from '../words.ts';
import { isOrigin, originsOf } from './draft.ts';

export interface Basics {
  name: string;
  team: string;
  origins: string;
}

interface Props {
  basics: Basics;
  teams: readonly Team[];
  change: (patch: Partial<Basics>) => void;
}

export function BasicFields({ basics: { name, team, origins }, teams, change }: Props) {
  return (
    <>
      <Line
        label={words.name}
        value={name}
        change={(value) => change({ name: value })}
        input={{ required: true, maxLength: limits.nameLength, autocomplete: 'off' }}
      />
      <Choice
        label={words.team}
        hint={words.sites.teamHint}
        value={team}
        change={(value) => change({ team: value })}
        options={teams.map((each) => [each.id, each.name])}
      />
      <Area
        label={words.sites.origins}
        hint={words.sites.originsHint}
        value={origins}
        change={(value) => change({ origins: value })}
        check={originsProblem}
        area={{ rows: 3, spellcheck: false, autocapitalize: 'off' }}
      />
    </>
  );
}

function originsProblem(lines: string): string | null {
  const origins = originsOf(lines);
  if (origins.length === 0) return words.sites.originsMissing;
  if (origins.length > limits.originsPerSite) return words.sites.originsMany(limits.originsPerSite);
  const wrong = origins.find((origin) => !isOrigin(origin));
  return wrong === undefined ? null : words.sites.originsWrong(wrong);
}
