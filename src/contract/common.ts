import { z } from 'zod';

export const instant = z.iso.datetime().describe('ISO 8601, UTC');
export const reference = z.object({ id: z.string(), name: z.string() });

export const errorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
});

/** `?cursor=&limit=` of every list. */
export const paging = {
  cursor: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
};

/** The query of a list without filters. */
export const pagingQuery = z.strictObject(paging);

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const id = z.string().min(1).max(200);
export const emptyBody = z.strictObject({});
