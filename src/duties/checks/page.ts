/** The report as a page to be read and printed: it brings everything along, runs nothing and asks nobody for anything. */
import { checkGroups, type CheckStanding, standards } from '../../protocol/checks.ts';
import type { Report } from '../../protocol/checks-report.ts';

type Entry = Report['checks'][number];

const style = `
:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 52rem; padding: 1.5rem 1rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.25rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; }
article { border-inline-start: 0.25rem solid; margin: 1.25rem 0; padding-inline-start: 0.75rem; break-inside: avoid; }
article.failed, article.not-run { border-inline-start-style: double; }
article.accepted { border-inline-start-style: dotted; }
h2, h3 { break-after: avoid; }
h3 { margin: 0; }
p { margin: 0.25rem 0; }
code { font-size: 0.875em; }
@media print { body { max-width: none; padding: 0; } }
`;

const said: Record<CheckStanding, string> = {
  passed: 'Passed',
  accepted: 'Accepted for a while',
  failed: 'Failed',
  'not-run': 'Not run, which is no pass',
};

export function pageOf(report: Report): string {
  const { from, run, looked, made, counts, checks } = report;
  const title = `Security checks of ${from}`;
  const groups = Object.entries(checkGroups).map(([group, name]) => {
    const some = checks.filter((check) => check.group === group);
    return some.length === 0
      ? ''
      : `<section>\n<h2>${escaped(name)}</h2>\n${some.map(entryOf).join('')}</section>\n`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<dl>
<dt>Looked at</dt><dd>${looked}</dd>
<dt>Made</dt><dd>${made}</dd>
<dt>Run</dt><dd>${escaped(run)}</dd>
${(Object.keys(said) as CheckStanding[]).map((each) => `<dt>${said[each]}</dt><dd>${counts[each]} of ${checks.length}</dd>`).join('\n')}
</dl>
<p>Each check looked at the deployment as it ran. What could not be looked at is said to be so, and did not pass. At the end of this file stands a signed note with its hash, which anybody can check offline: <code>npm run receipt:verify -- &lt;file&gt; --key &lt;a key of /ledger/keys&gt;</code>.</p>
</header>
<main>
${groups.join('')}</main>
</body>
</html>
`;
}

function entryOf({
  id,
  title,
  standing,
  measures,
  why,
  answers,
  words,
  looked,
  found,
  exception,
}: Entry): string {
  const answered = Object.entries(answers).map(
    ([standard, all]) => `${standards[standard as keyof typeof standards]}: ${all.join(', ')}`,
  );
  const figures = Object.entries(found).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') || 'none' : String(value)}`,
  );
  return `<article class="${standing}" id="${escaped(id)}">
<h3>${escaped(title)}</h3>
<p><strong>${said[standing]}.</strong> ${escaped(words)}</p>
<dl>
<dt>Measures</dt><dd>${escaped(measures)}</dd>
<dt>Why</dt><dd>${escaped(why)}</dd>
<dt>Answers</dt><dd>${escaped(answered.join('; '))}</dd>
<dt>Looked at</dt><dd>${looked ?? 'never'}</dd>
${figures.length === 0 ? '' : `<dt>Found</dt><dd>${escaped(figures.join('; '))}</dd>\n`}${
    exception === null
      ? ''
      : `<dt>Accepted</dt><dd>by ${escaped(exception.name ?? exception.by)} on ${exception.at}, until ${exception.until}: ${escaped(exception.reason)}</dd>\n`
  }</dl>
</article>
`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}
