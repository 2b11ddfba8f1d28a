// The web chat for other people's pages: a small loader, and the panel it opens.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync } from 'node:fs';

const dist = 'agent-console/dist';
const common = { bundle: true, minify: true, target: 'es2022', logLevel: 'warning' };

/** Writes `widget.js`, the panel's page and its assets beside the built console. */
export async function buildWidget() {
  mkdirSync(`${dist}/assets`, { recursive: true });
  await build({
    ...common,
    entryPoints: ['agent-console/widget/loader.ts'],
    outfile: `${dist}/widget.js`,
    format: 'iife',
  });
  await build({
    ...common,
    entryPoints: ['agent-console/widget/panel.tsx'],
    outfile: `${dist}/assets/widget-panel.js`,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  await build({
    ...common,
    entryPoints: ['agent-console/widget/panel.css'],
    outfile: `${dist}/assets/widget-panel.css`,
  });
  copyFileSync('agent-console/widget/panel.html', `${dist}/widget-panel.html`);
}
