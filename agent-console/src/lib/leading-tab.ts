let leads = !('locks' in navigator);

/** Of all tabs of the console one holds a lock, and makes the sounds for all of them. */
export const isLeadingTab = (): boolean => leads;

if ('locks' in navigator)
  void navigator.locks
    .request('parley.leading-tab', () => {
      leads = true;
      return new Promise<never>(() => undefined);
    })
    .catch(() => undefined);
