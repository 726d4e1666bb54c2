/**
 * Whether a path that no route answers belongs to GitHub's API all the same: then the caller hears that the emulator does not do it,
 * and does not take our silence for "there is none".
 */
export function isGitHubPath(segments: readonly string[]): boolean {
  const [root = '', , , family, ...rest] = segments;
  if (root !== 'repos') return roots.has(root);
  if (segments.length < 3) return false;
  if (family === undefined) return true;
  if (family === 'issues' || family === 'pulls')
    return /^\d+$|^comments$|^events$/.test(rest[0] ?? '') || rest.length === 0;
  return families.has(family);
}

const roots = new Set(
  `advisories agents app app-manifests applications apps assignments classrooms codes_of_conduct credentials emojis enterprises
  events feeds gists gitignore graphql installation installations issues licenses markdown marketplace_listing meta
  networks notifications octocat organizations orgs rate_limit repositories search teams user users versions zen`.split(
    /\s+/,
  ),
);

const families = new Set(
  `actions activity assignees attestations autolinks automated-security-fixes branches check-runs check-suites code-scanning
  code-security-configuration codeowners codespaces collaborators comments commits community compare contents contributors
  dependabot dependency-graph deployments dispatches environments events forks git hooks import interaction-limits invitations
  keys labels languages license merge-upstream merges milestones notifications pages private-vulnerability-reporting properties
  readme releases rules rulesets secret-scanning security-advisories stargazers stats statuses subscribers subscription tags
  tarball teams topics traffic transfer vulnerability-alerts zipball`.split(/\s+/),
);
