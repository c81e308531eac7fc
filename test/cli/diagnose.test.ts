import { describe, expect, it } from 'vitest';
import { denied, ordersRole, token, webIdentityEvent } from '../diagnose/evidence';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { account, deployment, trust } from './files';

const cli = useCli();
const files = {
  'k8s/sa.yaml': account('orders', 'shop', ordersRole),
  'k8s/deploy.yaml': deployment('orders-api', 'shop', 'orders'),
  'iam/orders-role/trust.json': trust('system:serviceaccount:shop:order'),
};
const signature = 'PlantedSignature0qW3rT5yU7'.repeat(14).slice(0, 342);

describe('pod-roles diagnose', () => {
  it('reads standard input, joins it with the files and names the line', async () => {
    const { code, stdout, stderr } = await cli(['diagnose'], { cwd: folder(files), input: `${denied}\n${webIdentityEvent({})}` });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toBe(
      'Cause (certain): The trust policy of orders-role allows shop/order, not shop/orders.   iam/orders-role/trust.json:12',
    );
    expect(stdout).toContain('docs/diagnose/trust.md');
    expect(stdout).toContain('service account orders (CloudTrail userIdentity.userName, line');
  });

  it('joins several files, and takes the workload', async () => {
    const cwd = folder({ ...files, 'error.txt': denied, 'event.txt': webIdentityEvent({}) });
    const two = await cli(['diagnose', 'error.txt', 'event.txt', '--format', 'json'], { cwd });
    expect(JSON.parse(two.stdout)).toMatchObject({
      version: 1,
      certainty: 'certain',
      class: 'trust',
      path: 'iam/orders-role/trust.json',
      line: 12,
    });
    const picked = await cli(['diagnose', 'error.txt', '--workload', 'shop/orders-api', '--format', 'json'], { cwd });
    expect(JSON.parse(picked.stdout)).toMatchObject({ certainty: 'certain', class: 'trust', path: 'iam/orders-role/trust.json' });
    const alone = await cli(['diagnose', '--workload', 'shop/orders', '--format', 'json'], { cwd });
    expect(JSON.parse(alone.stdout)).toMatchObject({ certainty: 'certain', class: 'trust' });
  });

  it('ends with 1 where it cannot tell, with 2 where it could not run', async () => {
    const cwd = folder(files);
    const none = await cli(['diagnose'], { cwd, input: 'nothing of the kind' });
    expect([none.code, none.stdout.split('.')[0]]).toEqual([1, "Can't tell from this alone"]);
    for (const args of [
      ['diagnose', 'missing.txt'],
      ['diagnose', '--workload', 'shop'],
      ['diagnose', '--format', 'xml'],
      ['diagnose', '--in', 'missing'],
    ]) {
      const { code, stdout, stderr } = await cli(args, { cwd, input: 'x' });
      expect([args.join(' '), code, stdout]).toEqual([args.join(' '), 2, '']);
      expect(stderr).not.toBe('');
    }
  });

  it('lets no secret out, whatever is asked for and whatever fails', async () => {
    const secrets = `AWS_SECRET_ACCESS_KEY=wJa1rXUtnFEMI7K7MDENGbPxRfiCYPLANTEDKEY9\nDB_PASSWORD=hunter2-planted\n${token({}, signature)}`;
    const cwd = folder({ ...files, 'paste.txt': `${denied}\n${secrets}` });
    for (const args of [
      ['paste.txt'],
      ['paste.txt', '--format', 'json'],
      ['paste.txt', '--debug', '--in', 'missing'],
      ['paste.txt', '--quiet'],
      ['-'],
    ]) {
      const { stdout, stderr } = await cli(['diagnose', ...args], { cwd, input: secrets });
      for (const secret of [
        'wJa1rXUtnFEMI7',
        'PLANTEDKEY9',
        'hunter2',
        'PlantedSignature0',
        token({}, signature).split('.')[1]!.slice(0, 30),
      ])
        expect(`${args.join(' ')}: ${stdout}${stderr}`).not.toContain(secret);
    }
  });

  it('--quiet leaves the answer, --help has examples', async () => {
    const cwd = folder(files);
    const { stdout } = await cli(['diagnose', '--quiet'], { cwd, input: denied });
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect((await cli(['diagnose', '--help'], { cwd })).stdout).toContain('kubectl logs');
  });
});
