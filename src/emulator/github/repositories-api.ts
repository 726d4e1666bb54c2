import { z } from 'zod';
import { type Answer, created, notFound, ok, validationFailed } from './answer.ts';
import { type Call, type Handler, inRepository, param, readBody } from './call.ts';
import { isOwnerName, isRepositoryName } from './repository.ts';
import { fullName, repositoryShape } from './repository-shape.ts';
import { userShape } from './user-shape.ts';

export const getUser: Handler = async (call) => {
  const { forge } = call;
  return ok({
    ...userShape(forge.origin, forge.login),
    name: forge.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: forge.now(),
    updated_at: forge.now(),
  });
};

export const getRepository = inRepository(async (call, repository) =>
  ok(repositoryShape(call.forge, repository.record())),
);

export const createForUser: Handler = (call) => create(call, call.forge.login);

export const createForOrganization: Handler = async (call) => {
  const owner = param(call, 'org');
  return isOwnerName(owner) ? create(call, owner) : notFound();
};

const newRepository = z.object({
  name: z.string(),
  description: z.string().nullish(),
  private: z.boolean().default(false),
});

async function create(call: Call, owner: string): Promise<Answer> {
  const body = readBody(call, newRepository);
  if (!body.ok) return body.answer;
  const { name, description = null, private: isPrivate } = body.value;
  if (!isRepositoryName(name)) return nameRefused('name is not a repository name');
  const repository = await call.forge.create({ owner, name, description, private: isPrivate });
  if (repository === null) return nameRefused('name already exists on this account');
  const record = repository.record();
  return created(repositoryShape(call.forge, record), { name: fullName(record), detail: 'created' });
}

function nameRefused(message: string): Answer {
  return validationFailed({ resource: 'Repository', code: 'custom', field: 'name', message });
}
