import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

interface Question {
  id: number;
  kind: string;
  argument: unknown;
}
interface Reply {
  id: number;
  result?: unknown;
  problem?: string;
}
export type Answers = Record<string, (argument: never) => unknown>;

/** A process of ours that is asked and answers; it ends with the one that measures, however that ends. */
export class Child {
  private next = 0;
  private readonly waiting = new Map<number, (reply: Reply) => void>();

  constructor(readonly process: ChildProcess) {
    process.on('message', (message: Reply) => {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    });
    process.once('exit', (code) => {
      for (const [id, answer] of this.waiting) answer({ id, problem: `The process ended (${code}).` });
      this.waiting.clear();
    });
  }

  static start(file: string, env: Record<string, string> = {}): Child {
    const inherited = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
    return new Child(
      fork(file, {
        env: { ...inherited, ...env },
        serialization: 'advanced',
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      }),
    );
  }

  get pid(): number {
    return this.process.pid ?? -1;
  }

  ask<T>(kind: string, argument: unknown = null): Promise<T> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, problem }) =>
        problem === undefined ? resolve(result as T) : reject(new Error(`${kind}: ${problem}`)),
      );
      this.process.send({ id, kind, argument } satisfies Question, (error) => error && reject(error));
    });
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, 'exit');
    this.process.kill(signal);
    const patience = setTimeout(() => this.process.kill('SIGKILL'), 15_000);
    await exit;
    clearTimeout(patience);
  }
}

/** The side of the process that is asked. */
export function answerParent(answers: Answers, options = { endsWithParent: true }): void {
  process.on('message', (question: Question) => {
    // Asked by somebody else: not for us.
    const answer = Object.hasOwn(answers, question.kind) ? answers[question.kind] : undefined;
    if (!answer) return;
    void reply(question, answer as (argument: unknown) => unknown);
  });
  if (options.endsWithParent) process.on('disconnect', () => process.exit(0));
  else process.channel?.unref();
}

async function reply({ id, argument }: Question, answer: (argument: unknown) => unknown): Promise<void> {
  try {
    process.send?.({ id, result: await answer(argument) } satisfies Reply);
  } catch (error) {
    process.send?.({ id, problem: (error as Error).message } satisfies Reply);
  }
}

/** The clock that all processes of a machine share, in ms. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
