import type { RestEndpointMethodTypes } from '@octokit/rest';
import { idOf } from './repository.ts';

/** A user or an organization as GitHub shows it inside other things. */
export function userShape(origin: string, login: string, type: 'User' | 'Organization' = 'User'): SimpleUser {
  const url = `${origin}/users/${login}`;
  return {
    login,
    id: idOf(login),
    node_id: nodeId('U', idOf(login)),
    avatar_url: '',
    gravatar_id: '',
    url,
    html_url: `${origin}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

/** The address under which GitHub writes commits for a user. */
export function mailOf(login: string): string {
  return `${idOf(login)}+${login}@users.noreply.github.com`;
}

/** GitHub's opaque second id. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
}

export type SimpleUser = RestEndpointMethodTypes['repos']['get']['response']['data']['owner'];
