/** The same to be read and printed: one page that runs nothing and loads nothing. */
import { html, raw } from 'hono/html';
import { ownActions } from '../../protocol/ledger.ts';
import { permissions } from '../../protocol/permissions.ts';
import { counted, NOT_MAPPED, type Pack, type Shown } from './pack.ts';

const style = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top}
th{background:#f2f2f2}.open{background:#fff3d6}.failed{background:#fde2e1}small{color:#555}p,small{overflow-wrap:anywhere}
@media screen{.wide{overflow-x:auto}table{min-width:60rem}}
@media print{body{margin:0;max-width:none;font-size:10px}thead{display:table-header-group}tr{break-inside:avoid}}`;

export async function pageOf(pack: Pack): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Sotto: evidence</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <h1>Evidence</h1>
        <p>
          Sotto ${pack.version}${pack.commit === null ? '' : `, commit ${pack.commit}`}. Made ${pack.made}.
          ${
            pack.outside === null
              ? 'Nobody looked at a deployment from outside for it.'
              : `${pack.outside.origin} was looked at from outside ${pack.outside.at}.`
          }
          ${
            pack.checks === null
              ? 'No report of a deployment’s own security checks was given.'
              : `The security checks are those of ${pack.checks.origin}, ${pack.checks.at}, signed by its ledger’s key.`
          }
        </p>
        <p>
          For each control: what shows it, and where that is to be found. It is no certificate:
          <em>tested</em> says that a numbered rule, or a test, is about it, <em>checked</em> that a check
          from outside alone is, <em>written</em> that a document alone is, and <em>open</em> that nothing is,
          or that something is missing. How far that answers the standard is for whoever audits to say.
        </p>
        <ul>
          <li><a href="controls.json">controls.json</a>: all of this as data</li>
          <li><a href="sbom.cdx.json">sbom.cdx.json</a>: what is shipped of others’ (CycloneDX 1.6)</li>
          <li><a href="docs/LICENCES.md">docs/LICENCES.md</a>: and under which licence</li>
          ${pack.reports.map((name) => html`<li><a href="${name}">${name}</a>: a report, as it was given</li>`)}
          <li><a href="manifest.json">manifest.json</a>: the SHA-256 of each file</li>
        </ul>
        ${pack.standards.map(({ name, controls }) =>
          controls === NOT_MAPPED
            ? html`<h2>${name}</h2>
                <p>${NOT_MAPPED}</p>`
            : standard(name, controls),
        )}
        <h2>Left out of ASVS</h2>
        <div class="wide" tabindex="0" role="region" aria-label="Left out">
          <table>
            <thead>
              <tr>
                <th>Why</th>
                <th>Requirements</th>
              </tr>
            </thead>
            <tbody>
              ${pack.leftOut.map(
                ({ why, ids }) =>
                  html`<tr>
                    <td>${why}</td>
                    <td>${ids.join(', ')}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        <h2>Rules</h2>
        <div class="wide" tabindex="0" role="region" aria-label="Rules">
          <table>
            <thead>
              <tr>
                <th>Rule</th>
                <th>What it promises</th>
                <th>Tests</th>
              </tr>
            </thead>
            <tbody>
              ${pack.rules.map(
                ({ id, says, tests }) =>
                  html`<tr id="${id}">
                    <td>${id}</td>
                    <td>${says}</td>
                    <td><small>${tests.join(', ')}</small></td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </body>
    </html>`;
  return `${page.toString()}\n`;
}

function standard(name: string, controls: readonly Shown[]) {
  const { tested, checked, written, open } = counted(controls);
  return html`<h2>${name}</h2>
    <p>
      ${controls.length} controls: ${tested} tested, ${checked} checked, ${written} written, ${open} open.
    </p>
    <div class="wide" tabindex="0" role="region" aria-label="${name}">
      <table>
        <thead>
          <tr>
            <th>Control</th>
            <th>What it comes to</th>
            <th>Stands</th>
            <th>Rules</th>
            <th>Documents</th>
            <th>In the ledger</th>
            <th>Checks</th>
          </tr>
        </thead>
        <tbody>
          ${controls.map(row)}
        </tbody>
      </table>
    </div>`;
}

function row({
  id,
  level,
  title,
  standing,
  rules,
  documents,
  actions: entries,
  outside,
  outcomes,
  tests,
  open,
}: Shown) {
  const hasFailed = outcomes.some(({ outcome }) => !['passed', 'accepted'].includes(outcome));
  const done = outcomes.map((each) => `${each.id}: ${each.outcome}`);
  const left = outside.filter((id) => !outcomes.some((each) => each.id === id));
  const checks = [...done, ...left];
  return html`<tr class="${hasFailed ? 'failed' : standing}">
    <td>${id}${level === undefined ? '' : ` (L${level})`}</td>
    <td>${title}${open === undefined ? '' : html`<br /><small>${open}</small>`}</td>
    <td>${standing}</td>
    <td>
      ${rules.map((rule) => html`<a href="#${rule}">${rule}</a> `)}
      ${rules.length === 0 && tests.length > 0 ? html`<small>${tests.join(', ')}</small>` : ''}
    </td>
    <td>${documents.map((path) => html`<a href="${path}">${path}</a> `)}</td>
    <td>${entries.map((action) => `${action} (${meaning(action)})`).join(', ')}</td>
    <td>${checks.join(', ')}</td>
  </tr>`;
}

function meaning(action: Shown['actions'][number]): string {
  return action in ownActions
    ? ownActions[action as keyof typeof ownActions]
    : permissions[action as keyof typeof permissions].means;
}
