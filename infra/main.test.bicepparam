// Test: as production in kind, smaller in size; the load tests run here.
using 'main.bicep'

param environmentName = 'test'

// Numbers, ids and addresses are the city's: they come from the environment of whoever deploys, and none is a secret.
param smsDataLocation = readEnvironmentVariable('SMS_DATA_LOCATION', 'UAE')
param citySettings = {
  Email__ApiBaseUri: 'https://api.postmarkapp.com/'
  Email__From: readEnvironmentVariable('EMAIL_FROM', '940@amana.example')
  EscalationSchedule: '0 * * * * *'
  Links__PublicBaseUri: readEnvironmentVariable('PUBLIC_BASE_URI', 'https://940-test.amana.example/')
  Map__Tiles: ''
  Messenger__GraphBaseUri: 'https://graph.facebook.com/'
  Messenger__MessageTag: ''
  Messenger__PageId: readEnvironmentVariable('MESSENGER_PAGE_ID', '940000000000003')
  Policy__Directory: 'policies/eastern-province'
  RateLimit__PerMinute: '600000'
  RebuildSchedule: '0 15 3 1 * *'
  SecondLookSchedule: '45 50 * * * *'
  Sms__From: readEnvironmentVariable('SMS_FROM', '+966500000940')
  Sms__WavesPerMinute: '100'
  SweepSchedule: '30 */5 * * * *'
  Voice__AccountSid: readEnvironmentVariable('VOICE_ACCOUNT_SID', 'AC00000000000000000000000000000940')
  Voice__ApiBaseUri: 'https://api.twilio.com/'
  Voice__From: readEnvironmentVariable('VOICE_FROM', '+966920000940')
  Voice__PublicBaseUri: readEnvironmentVariable('PUBLIC_BASE_URI', 'https://940-test.amana.example/')
  Voice__Recorded: ''
  Voice__RecordingsBaseUri: ''
  Voice__Voices: 'ar=Polly.Hala-Neural:ar-AE;en=Polly.Joanna:en-US'
  WhatsApp__GraphBaseUri: 'https://graph.facebook.com/'
  WhatsApp__PhoneNumberId: readEnvironmentVariable('WHATSAPP_PHONE_NUMBER_ID', '100000000000940')
  X__AccountId: readEnvironmentVariable('X_ACCOUNT_ID', '940000000000004')
  X__ApiBaseUri: 'https://api.x.com/'
}
param staffSignIn = {
  clientId: readEnvironmentVariable('STAFF_CLIENT_ID', '00000000-0000-0000-0000-000000000000')
  tenantId: readEnvironmentVariable('STAFF_TENANT_ID', '00000000-0000-0000-0000-000000000000')
  strangers: 'RedirectToLoginPage'
}
param vaultGroupId = readEnvironmentVariable('VAULT_GROUP_ID', '')
param smsEventDelivery = readEnvironmentVariable('SMS_EVENT_DELIVERY', 'queue')

param storageSku = 'Standard_ZRS'
param mediaRetentionDays = 180
param instanceMemoryMB = 2048
param lockAgainstDeletion = false
param telemetryDailyCapGb = 10
param telemetryRetentionDays = 30
param monthlyBudget = 500
param alertReceivers = {
  emails: [
    readEnvironmentVariable('ALERT_EMAIL', '940-operations@amana.example')
  ]
  phones: []
}
