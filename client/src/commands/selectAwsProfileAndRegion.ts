import { QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import { awsProfilesRequest, type AwsProfileItem } from '../../../protocol/aws';
import type { Services } from '../services';

interface ProfileRow extends QuickPickItem {
  readonly profile?: AwsProfileItem;
}

/** Picks whose credentials are taken and which regions are asked, and keeps both in the settings. */
export async function selectAwsProfileAndRegion({ client, aws }: Services): Promise<void> {
  if (!(await aws.ensureLive('know your clusters and roles'))) return;
  const known = await client.request(awsProfilesRequest);
  if (!known) return;
  const current = aws.state?.profile;
  const rows: ProfileRow[] = [
    { label: 'Default', description: 'the credentials of the AWS CLI', picked: current === undefined },
    ...(known.profiles.length > 0 ? [{ label: 'Profiles', kind: QuickPickItemKind.Separator }] : []),
    ...known.profiles.map((profile) => ({
      label: profile.name,
      profile,
      description: [profile.region, profile.sso ? 'SSO' : undefined, profile.name === current ? 'now' : undefined]
        .filter(Boolean)
        .join(' · '),
    })),
  ];
  const row = await window.showQuickPick(rows, {
    title: 'Select AWS Profile and Region (1/2)',
    placeHolder: 'Whose credentials',
    matchOnDescription: true,
  });
  if (!row) return;
  const chosen = new Set(aws.state?.regions ?? []);
  const own = row.profile?.region;
  const regions = [...new Set([...(own ? [own] : []), ...known.regions])];
  const picked = await window.showQuickPick(
    regions.map((region) => ({
      label: region,
      picked: chosen.size > 0 ? chosen.has(region) : region === own,
      ...(region === own ? { description: 'of the profile' } : {}),
    })),
    {
      title: 'Select AWS Profile and Region (2/2)',
      placeHolder: 'Regions to read clusters from; none: the regions of the profile and the workspace',
      canPickMany: true,
    },
  );
  if (!picked) return;
  await aws.choose(
    row.profile?.name,
    picked.map((region) => region.label),
  );
  if (aws.state?.problem) await aws.tellState();
  else if (aws.state?.account) void window.showInformationMessage(`Pod Roles queries AWS as ${aws.state.arn ?? aws.state.account}.`);
}
