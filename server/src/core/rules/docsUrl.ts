/** The project's page: where rules, options and the source are. */
export const projectUrl = 'https://github.com/pod-roles/pod-roles';

/** The address of a rule's page, the same in the editor, in reports and in SARIF. */
export function docsUrl(ruleId: string): string {
  return `${projectUrl}/blob/main/docs/rules/${ruleId}.md`;
}
