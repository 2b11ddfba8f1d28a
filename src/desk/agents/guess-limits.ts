import { randomBytes } from 'node:crypto';
import type { RateLimiter } from '../../platform/coordination';
import { AppError, TooManyRequests } from '../../platform/errors';
import type { Signer } from '../../platform/secrets';
import { OneByOne } from '../../platform/work/one-by-one';

/** Where a guess comes from. `device` is what this browser was given when this person signed in on it before. */
export interface GuessFrom {
  address: string;
  device: string | null;
}

/**
 * Slows down who guesses passwords: ten wrong ones from an address, and ten for a person from wherever they come, so that
 * many addresses help nobody. A browser on which the person has signed in before is counted by itself: others who guess
 * cannot shut the person out (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
 */
export class GuessLimits {
  /** Who signs in at the same time as nine others with a right password must not be counted as the eleventh guess. */
  private readonly oneByOne = new OneByOne();

  constructor(
    private readonly failures: RateLimiter,
    private readonly devices: Signer,
  ) {}

  /**
   * Counts this guess before it is looked at, so that none slips through beside others, and takes it back if it was right.
   * @throws TooManyRequests, alike for a person who is there and one who is not.
   */
  async guess<T>(person: string, from: GuessFrom | null, isRight: () => Promise<T>): Promise<T> {
    const keys = this.keysOf(person, from);
    return this.oneByOne.run(keys[0] ?? '', async () => {
      for (const key of keys) await this.count(key);
      try {
        const right = await isRight();
        await this.takeBack(keys);
        return right;
      } catch (error) {
        // Neither right nor wrong: the store is away.
        if (!(error instanceof AppError)) await Promise.all(keys.map((key) => this.failures.giveBack(key)));
        throw error;
      }
    });
  }

  /** What a browser keeps after a sign-in. */
  deviceFor(email: string): string {
    const name = randomBytes(16).toString('base64url');
    return `${name}.${this.devices.sign(`${name}|${email}`)}`;
  }

  /** Without a `from` the person has signed in already. */
  private keysOf(person: string, from: GuessFrom | null): string[] {
    const device = from && this.deviceOf(person, from.device);
    if (device) return [`device|${device}`];
    return [...(from ? [`address|${from.address}`] : []), `person|${person}`];
  }

  private deviceOf(email: string, device: string | null): string | null {
    const [name = '', signature = ''] = device?.split('.') ?? [];
    return name && this.devices.verify(`${name}|${email}`, signature) ? name : null;
  }

  /** An address keeps its failures: who has a password of one's own could guess others' for ever. */
  private async takeBack(keys: string[]): Promise<void> {
    for (const key of keys)
      await (key.startsWith('address|') ? this.failures.giveBack(key) : this.failures.reset(key));
  }

  private async count(key: string): Promise<void> {
    const { allowed, retryAfterMs } = await this.failures.consume(key);
    if (!allowed)
      throw new TooManyRequests(
        'Too many failed sign-ins. Wait and try again.',
        Math.ceil(retryAfterMs / 1_000),
      );
  }
}
