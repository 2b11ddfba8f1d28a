/** Where the panel keeps who the visitor is and what could not be sent yet. */
export interface Keeper {
  load<T>(name: 'token' | 'unsent'): T | null;
  save(name: 'token' | 'unsent', value: unknown): void;
}

const answerMs = 2_000;

/**
 * The browser's own storage; where it gives none to a foreign frame, the page around us keeps for us.
 * Only then does that page get to see the visitor's token: it is one that was made on that page.
 */
export async function openKeeper(account: string, kept: Promise<Kept>): Promise<Keeper> {
  const storage = ownStorage();
  if (!storage) return keptByHost(await Promise.race([kept, nothingKept()]));
  return {
    load: (name) => parsed(storage.getItem(`parley:${account}:${name}`)),
    save: (name, value) => storage.setItem(`parley:${account}:${name}`, JSON.stringify(value)),
  };
}

export type Kept = Partial<Record<'token' | 'unsent', unknown>>;

function ownStorage(): Storage | null {
  try {
    localStorage.setItem('parley:probe', '1');
    localStorage.removeItem('parley:probe');
    return localStorage;
  } catch {
    return null;
  }
}

function keptByHost(kept: Kept): Keeper {
  const values = { ...kept };
  return {
    load: <T>(name: 'token' | 'unsent') => (values[name] ?? null) as T | null,
    save(name, value) {
      values[name] = value;
      if (parent !== window) parent.postMessage({ parley: 'keep', name, value }, '*');
    },
  };
}

const nothingKept = (): Promise<Kept> => new Promise((resolve) => setTimeout(() => resolve({}), answerMs));

function parsed<T>(text: string | null): T | null {
  try {
    return JSON.parse(text ?? 'null') as T | null;
  } catch {
    return null;
  }
}
