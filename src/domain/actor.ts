/** Who did something. Every event of the history names one. */
export interface Actor {
  kind: 'contact' | 'bot' | 'agent' | 'department' | 'system';
  id: string | null;
  name: string | null;
}

export const systemActor: Actor = { kind: 'system', id: null, name: null };
export const botActor: Actor = { kind: 'bot', id: null, name: null };
