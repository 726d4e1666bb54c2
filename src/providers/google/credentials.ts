import type { GoogleAuth } from 'google-auth-library';
import { fail, type Result, succeed } from '../../core/result.ts';

/** For an emulator: no look-up of credentials, of a project or of a metadata server. */
export async function passThrough(project: string): Promise<GoogleAuth> {
  const { GoogleAuth, PassThroughClient } = await import('google-auth-library');
  return new GoogleAuth({ authClient: new PassThroughClient(), projectId: project });
}

/**
 * Application default credentials, looked up before any client is made: a client without them kills the process with a
 * rejection that no caller can catch (google-cloud-node#9085).
 */
export async function applicationDefault(project: string): Promise<Result<GoogleAuth>> {
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'], projectId: project });
  try {
    await auth.getClient();
    return succeed(auth);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return fail(
      'permission',
      `no credentials for Google Cloud: ${because}`,
      'run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to a key or federation file',
    );
  }
}
