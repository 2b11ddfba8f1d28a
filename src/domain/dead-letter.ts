/** `inbox`: could not be handled; `outbox`: given up or unknown; `quarantine`: signed, but not understood. */
export const deadLetterKinds = ['inbox', 'outbox', 'quarantine'] as const;
export type DeadLetterKind = (typeof deadLetterKinds)[number];
