import { relativePath } from './paths';

/** Folders whose files are input of tests, wherever they stand: of Go, of Jest, of kuttl and Chainsaw, of Polaris and Checkov. */
const always: ReadonlySet<string> = new Set([
  'tests',
  'testdata',
  'test-data',
  'test_data',
  'fixtures',
  'test-fixtures',
  '__tests__',
  '__fixtures__',
  '__snapshots__',
  'kuttl',
  'chainsaw',
]);

/** Folders that are so below a folder `test`, which by itself may as well be an environment. */
const belowTest: ReadonlySet<string> = new Set([
  'checks',
  'cases',
  'webhook_cases',
  'data',
  'e2e',
  'integration',
  'resources',
  'unit',
  'schemas',
  'manifests',
  'examples',
]);

/**
 * True for a file that is input of a test, by its folders below the workspace's own: it deploys nothing, so that nothing in it
 * is told as more than an info, and nothing joins it with files that are deployed. Folders above the workspace say nothing.
 */
export function isTestData(uri: string, base: string | undefined): boolean {
  if (base === undefined) return false;
  const folders = relativePath(uri, base)?.toLowerCase().split('/').slice(0, -1);
  return (
    folders?.some((folder, i) => always.has(folder) || (folder === 'test' && folders.slice(i + 1).some((each) => belowTest.has(each)))) ??
    false
  );
}
