import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const MAX_RETURNS = 1_000;

export const returnRequest = z.object({
  orderNumber: z.string().min(1).max(40),
  reason: z.string().min(1).max(1_000),
  phone: z.string().max(40).optional(),
});
export type ReturnRequest = z.infer<typeof returnRequest>;

export interface ReturnCase extends ReturnRequest {
  id: string;
  status: 'requested';
  createdAt: string;
}
interface Filed {
  key: string | null;
  case: ReturnCase;
}

/** The return requests of the demo shop. One idempotency key makes one request, across restarts too. */
export class Returns {
  private readonly file: string;
  private readonly filed: Filed[];

  constructor(
    dataDir: string,
    private readonly now: () => Date,
  ) {
    this.file = path.join(dataDir, 'returns.json');
    this.filed = readFiled(this.file);
  }

  get(id: string): ReturnCase | undefined {
    return this.filed.find((one) => one.case.id === id)?.case;
  }

  byKey(key: string | null): ReturnCase | undefined {
    return key === null ? undefined : this.filed.find((one) => one.key === key)?.case;
  }

  create(request: ReturnRequest, key: string | null): ReturnCase {
    const last = Number(this.filed.at(-1)?.case.id.slice(2) ?? 1_000);
    const created: ReturnCase = {
      ...request,
      id: `RT${last + 1}`,
      status: 'requested',
      createdAt: this.now().toISOString(),
    };
    this.filed.push({ key, case: created });
    this.filed.splice(0, this.filed.length - MAX_RETURNS);
    writeFileSync(this.file, JSON.stringify(this.filed));
    return created;
  }
}

function readFiled(file: string): Filed[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Filed[];
  } catch {
    // A first start: nobody has sent anything back yet.
    return [];
  }
}
