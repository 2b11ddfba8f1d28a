import type { FunctionComponent } from 'react';
import type { Role } from '../../../src/domain/role';
import { useMay } from '../lib/session';
import { ForbiddenState } from '../ui/states';

/** A page for those whose role may use it; the server refuses the others as well. */
export function Gate({ allow, page: Page }: { allow: Role; page: FunctionComponent }) {
  return useMay(allow) ? <Page /> : <ForbiddenState />;
}
