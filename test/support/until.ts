/** Waits for a condition, never for a time: the limit only tells a test that will never pass. */
export async function until<T>(
  read: () => T | Promise<T>,
  fits: (value: T) => boolean = Boolean,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (fits(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`It did not come about: ${JSON.stringify(value)?.slice(0, 2_000)}`);
    await new Promise((resume) => setTimeout(resume, 10));
  }
}
