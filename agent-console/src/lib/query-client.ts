import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api';

/** Nothing that the server refused is asked again; a lost connection is, twice. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      networkMode: 'always',
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiError && [0, 502, 503].includes(error.status),
    },
    mutations: { networkMode: 'always' },
  },
});
