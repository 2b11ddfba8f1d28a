import type { Inbound } from '../../domain/inbound';

/** Where what arrives is kept. Both answer after the durable write. */
export interface InboundSink {
  /** The same id again changes nothing. */
  accept(inbound: Inbound): Promise<{ created: boolean }>;
  quarantine(found: {
    id: string;
    accountId: string;
    channel: string;
    raw: Uint8Array;
    /** The request, sealed: it carries the platform's secrets. */
    request: string | null;
  }): Promise<void>;
}
