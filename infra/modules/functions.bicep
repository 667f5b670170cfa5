// The plan and the app: Flex Consumption, .NET 10 isolated, everything by the app's own identity.
import { citySettingsType, optionalSecretType, tagsType, vaultSettings } from '../names.bicep'

@export()
@description('Instances that are kept warm.')
type alwaysReadyType = {
  @description('http, or function: and a function\'s name.')
  name: string
  @minValue(0)
  @maxValue(100)
  instanceCount: int
}

param location string
param tags tagsType
param planName string
param appName string
param identityId string
param identityClientId string
param hostAccountName string
param packagesUri string
param blobUri string
param tableUri string
param busHostName string
param smsEndpoint string
param vaultUri string

@description('Application Insights\' ingestion endpoint; no credential.')
param insightsConnection string

param citySettings citySettingsType

@description('Whether to say what the platform usually says itself; see main.')
param declareAuthentication bool

@description('Put into the vault before they are named here.')
param optionalSecrets optionalSecretType[]

param instanceMemoryMB (512 | 2048 | 4096)
param maximumInstanceCount int
param httpConcurrency int
param alwaysReady alwaysReadyType[]
param zoneRedundant bool

@description('Subnet for outgoing traffic; empty for none.')
param subnetId string

param workspaceId string

var vaultReferences = toObject(
  concat(vaultSettings, optionalSecrets),
  setting => setting,
  setting => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${replace(setting, '__', '--')})'
)

var platformSettings = {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
  AZURE_CLIENT_ID: identityClientId
  // The host's own page would stand before the citizen's.
  AzureWebJobsDisableHomepage: 'true'
  AzureWebJobsStorage__accountName: hostAccountName
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__credential: 'managedidentity'
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identityClientId
  ServiceBus__clientId: identityClientId
  ServiceBus__credential: 'managedidentity'
  ServiceBus__fullyQualifiedNamespace: busHostName
  Sms__Endpoint: smsEndpoint
  Storage__blobServiceUri: blobUri
  Storage__tableServiceUri: tableUri
}

var authenticationSetting = declareAuthentication ? { WEBSITE_AUTH_ENABLED: 'True' } : {}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: appName
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    clientAffinityEnabled: false
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        alwaysReady: alwaysReady
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
    siteConfig: {
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'appsettings'
  properties: union(platformSettings, authenticationSetting, citySettings, vaultReferences)
}

resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    // What functions log reaches Application Insights by itself; here are sign-ins and refusals.
    logs: [
      {
        category: 'AppServiceAuthenticationLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output hostName string = app.properties.defaultHostName
