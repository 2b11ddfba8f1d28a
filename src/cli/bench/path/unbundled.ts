import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join } from 'node:path';
import type { CallFrame, CpuProfile } from './self-times';

/** The profile with the file of each function as it was before files were put into one. */
export function unbundled(profile: CpuProfile): CpuProfile {
  const maps = new Map<string, SourceMap | null>();
  const mapOf = (file: string) => {
    if (!maps.has(file)) maps.set(file, readMap(file));
    return maps.get(file) ?? null;
  };
  const nodes = profile.nodes.map((node) => ({ ...node, callFrame: placed(node.callFrame, mapOf) }));
  return { ...profile, nodes };
}

function placed(frame: CallFrame, mapOf: (file: string) => SourceMap | null): CallFrame {
  const file = frame.url.replace(/^file:\/\//, '');
  const entry = file.includes('/dist/') && mapOf(file)?.findEntry(frame.lineNumber, frame.columnNumber);
  if (!entry || !('originalSource' in entry)) return frame;
  const source = join(dirname(file), entry.originalSource);
  return { ...frame, url: source.replace(/\/src\//, '/dist/'), lineNumber: entry.originalLine };
}

function readMap(file: string): SourceMap | null {
  if (!existsSync(`${file}.map`)) return null;
  return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
}
