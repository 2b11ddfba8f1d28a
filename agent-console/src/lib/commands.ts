import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import { usePreferences } from './preferences';

/** Something a person can do from the keyboard or the palette, which also teaches its keys. */
export interface Command {
  id: string;
  label: string;
  group: string;
  /** `J`, `?`, `G I` (one after the other). Letters count without Shift. */
  keys?: string;
  run: () => void;
}

const useRegistry = create<{ commands: Map<symbol, Command[]> }>(() => ({ commands: new Map() }));

/** All commands of what is on the screen now. */
export function useAllCommands(): Command[] {
  const commands = useRegistry((registry) => registry.commands);
  return [...commands.values()].flat();
}

/** Offers commands for as long as the component shows. */
export function useCommands(commands: Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const shape = commands.map(({ id, label }) => `${id}=${label}`).join('|');
  useEffect(() => {
    const owner = Symbol('commands');
    const stable = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find(({ id }) => id === command.id)?.run(),
    }));
    change((all) => all.set(owner, stable));
    return () => change((all) => void all.delete(owner));
  }, [shape]);
}

function change(mutate: (all: Map<symbol, Command[]>) => void): void {
  useRegistry.setState(({ commands }) => {
    const next = new Map(commands);
    mutate(next);
    return { commands: next };
  });
}

const sequenceWithinMs = 1_200;
let first = '';
let firstTimer: ReturnType<typeof setTimeout> | undefined;

/** Runs commands by their keys. Never while somebody writes or composes, nor behind a dialog, nor when switched off. */
export function listenForKeys(): () => void {
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

function onKey(event: KeyboardEvent): void {
  if (!usePreferences.getState().shortcuts || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isComposing(event) || isBusyElsewhere(event)) return;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const all = [...useRegistry.getState().commands.values()].flat().reverse();
  const found =
    (first && all.find(({ keys }) => keys === `${first} ${key}`)) || all.find(({ keys }) => keys === key);
  const starts = !first && all.some(({ keys }) => keys?.startsWith(`${key} `));
  clearTimeout(firstTimer);
  first = starts ? key : '';
  if (starts) firstTimer = setTimeout(() => (first = ''), sequenceWithinMs);
  if (!found) return;
  event.preventDefault();
  found.run();
}

/** The Enter that ends a word of an input method is no command; some browsers tell it only by 229. */
export const isComposing = (event: { isComposing?: boolean; keyCode: number }): boolean =>
  event.isComposing === true || event.keyCode === 229;

function isBusyElsewhere({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu]')) return true;
  if (document.querySelector('[role=dialog], [role=menu]')) return true;
  return (key === 'Enter' || key === ' ') && target.closest('button, a, summary') !== null;
}
