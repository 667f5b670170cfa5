// Staff sign in with Entra ID. Citizens never do: the public paths are excluded by name. No client secret: the app's
// identity stands in for one, by a federated credential of the registration (see the guide).
import { publicPaths } from '../names.bicep'

@export()
@description('The registration of the staff\'s sign-in in Entra ID.')
type staffSignInType = {
  @description('Client id of the registration.')
  @minLength(36)
  @maxLength(36)
  clientId: string
  @description('Tenant of the staff.')
  @minLength(36)
  @maxLength(36)
  tenantId: string
  @description('What a stranger gets on a staff path: the sign-in page, or 401.')
  strangers: 'RedirectToLoginPage' | 'Return401'
}

param appName string
param staffSignIn staffSignInType

resource app 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName
}

resource authentication 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
      runtimeVersion: '~1'
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: staffSignIn.strangers
      redirectToProvider: 'azureactivedirectory'
      excludedPaths: publicPaths
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: staffSignIn.clientId
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
          openIdIssuer: '${environment().authentication.loginEndpoint}${staffSignIn.tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [
            staffSignIn.clientId
            'api://${staffSignIn.clientId}'
          ]
          defaultAuthorizationPolicy: {
            allowedApplications: [
              staffSignIn.clientId
            ]
          }
        }
      }
    }
    login: {
      // Flex Consumption has no shared disk for tokens, and nothing here calls an interface in a member of staff's name.
      tokenStore: {
        enabled: false
      }
      cookieExpiration: {
        convention: 'FixedTime'
        timeToExpiration: '08:00:00'
      }
    }
  }
}
