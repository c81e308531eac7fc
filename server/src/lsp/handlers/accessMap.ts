import { accessData } from '../../core/features/accessData';
import { accessMapRequest, type AccessData } from '../../../../protocol/access';
import { placesOf } from '../places';
import { guard, type Session } from '../session';

/** podRoles/accessMap: who can assume which role in this workspace. */
export function registerAccessMap(session: Session): void {
  const failed = { message: 'Internal error: the access map could not be made. See the log.' };
  session.connection.onRequest(
    accessMapRequest,
    guard<Record<string, never>, AccessData | { readonly message: string }>(session, 'podRoles/accessMap', failed, () =>
      accessData(session.workspace, placesOf(session.workspace)),
    ),
  );
}
