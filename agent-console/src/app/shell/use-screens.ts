import { atLeast } from '../../../../src/domain/role';
import { useMe } from '../../lib/session';
import { hasPage } from '../pages';
import { screens } from '../screens';

/** The screens of this person's role. */
export function useScreens() {
  const { role } = useMe();
  return screens.filter(({ allow, name }) => atLeast(role, allow) && hasPage(name));
}
