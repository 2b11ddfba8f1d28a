import { z } from '@botpress/sdk';

/** Where a browser, or this server, can go. `localhost:3000` is an address too, of a protocol that nobody speaks. */
export const webAddress = z
  .string()
  .url()
  .regex(/^https?:\/\//, 'must begin with http:// or https://');
