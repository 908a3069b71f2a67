import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Home } from '../start/home.ts';
import type { Demo } from './record.ts';
import { SITES } from './sites.ts';

/** A stranger's website with the chat in its corner: one page for each of the demo's sites. */
export function serveShop(home: Home, demo: Demo): Promise<Server> {
  const template = readFileSync(join(import.meta.dirname, 'shop.html'), 'utf8');
  const style = readFileSync(join(import.meta.dirname, 'shop.css'), 'utf8');
  const pages = new Map(
    demo.sites.map(({ id, name, path }) => {
      const colour = SITES.find((site) => site.path === path)?.settings.colour ?? '';
      return [path, fill(template, { name, site: id, colour, sotto: home.origin })];
    }),
  );

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', home.shopOrigin).pathname;
    const page = pages.get(path);
    response.setHeader('Content-Security-Policy', policyOf(home.origin));
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // Asked for anew each time, and yet kept by a browser that goes back to it.
    response.setHeader('Cache-Control', 'no-cache');
    if (page !== undefined) response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page);
    else if (path === '/shop.css') response.setHeader('Content-Type', 'text/css; charset=utf-8').end(style);
    else
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such page in this shop.\n');
  });
  return new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(home.shopPort, '127.0.0.1', () => listening(server));
  });
}

/** As strict as a careful shop would have it: what the widget needs of its host page is one script and one frame. */
function policyOf(sotto: string): string {
  return [
    "default-src 'none'",
    `script-src ${sotto}`,
    `frame-src ${sotto}`,
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function fill(template: string, words: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const word = words[name];
    if (word === undefined) throw new Error(`shop.html asks for {{${name}}}, which nobody gives it`);
    return escapeHtml(word);
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
