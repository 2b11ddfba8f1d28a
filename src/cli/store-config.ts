import { resolve } from 'node:path';

/** Where the store is: what a command beside the server needs of its configuration. */
export const storeConfig = () => ({
  mongodbUrl: process.env['MONGODB_URL'] || null,
  dataDir: resolve(process.env['PARLEY_DATA_DIR'] || './data'),
});
