const testPath =
  /(?:^|\/)(?:e2e|tests?|__tests__|specs?)\/|\.(?:test|spec|cy)\.\w+$|_test\.\w+$|(?:^|\/)test_[^/]+\.py$/i;
const documentPath = /\.(?:md|mdx|rst|txt|adoc)$|(?:^|\/)(?:docs?\/|LICEN[CS]E|CHANGELOG|CODEOWNERS)/i;
const settingsPath = /(?:^|\/)(?:Dockerfile[^/]*|Procfile|\.env[^/]*)$|\.(?:ya?ml|toml|ini|env|tf|properties)$/i;
const dependencyPath = /(?:^|\/)(?:node_modules|site-packages|vendor|\.venv)\/|^node:/;

/** What a file of the repository is for, judged by its path alone. */
export function kindOfPath(path: string): 'product' | 'test' | 'document' | 'settings' | 'dependency' {
  if (dependencyPath.test(path)) return 'dependency';
  if (testPath.test(path)) return 'test';
  if (documentPath.test(path)) return 'document';
  return settingsPath.test(path) ? 'settings' : 'product';
}
