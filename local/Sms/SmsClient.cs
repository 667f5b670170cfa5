#nullable disable // the official package is not annotated; callers must see the same
using System.Globalization;
using Azure.Communication.Pipeline;
using Azure.Communication.Sms.Models;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Communication.Sms;

/// <summary>
/// Sends text messages through an Azure Communication Services resource: the part of
/// Azure.Communication.Sms 1.0.1 that the app uses, over the same REST call.
/// </summary>
public class SmsClient
{
    private readonly SmsRestClient _rest;

    /// <summary>For mocking.</summary>
    protected SmsClient()
    {
    }

    /// <param name="connectionString"><c>endpoint=…;accesskey=…</c> of the resource.</param>
    /// <exception cref="InvalidOperationException">The connection string is malformed or lacks a part.</exception>
    public SmsClient(string connectionString)
        : this(Parse(connectionString), new SmsClientOptions())
    {
    }

    /// <inheritdoc cref="SmsClient(string)"/>
    public SmsClient(string connectionString, SmsClientOptions options)
        : this(Parse(connectionString), options ?? new SmsClientOptions())
    {
    }

    /// <param name="endpoint">The address of the resource.</param>
    /// <param name="keyCredential">Its access key, base64.</param>
    /// <param name="options">Version, retries, transport.</param>
    public SmsClient(Uri endpoint, AzureKeyCredential keyCredential, SmsClientOptions options = default)
        : this(
            NotNull(endpoint, nameof(endpoint)),
            new HmacAuthenticationPolicy(NotNull(keyCredential, nameof(keyCredential))),
            options ?? new SmsClientOptions())
    {
    }

    /// <param name="endpoint">The address of the resource.</param>
    /// <param name="tokenCredential">Who asks Entra ID for tokens.</param>
    /// <param name="options">Version, retries, transport.</param>
    public SmsClient(Uri endpoint, TokenCredential tokenCredential, SmsClientOptions options = default)
        : this(
            NotNull(endpoint, nameof(endpoint)),
            new BearerTokenAuthenticationPolicy(
                NotNull(tokenCredential, nameof(tokenCredential)), "https://communication.azure.com//.default"),
            options ?? new SmsClientOptions())
    {
    }

    private SmsClient(ConnectionString connectionString, SmsClientOptions options)
        : this(
            new Uri(connectionString.GetRequired("endpoint")),
            new HmacAuthenticationPolicy(new AzureKeyCredential(connectionString.GetRequired("accesskey"))),
            options)
    {
    }

    private SmsClient(Uri endpoint, HttpPipelinePolicy authentication, SmsClientOptions options) =>
        // After the retry policy, so that every attempt is signed with its own date.
        _rest = new SmsRestClient(HttpPipelineBuilder.Build(options, authentication), endpoint, options.ApiVersion);

    /// <summary>Sends one message to one recipient; a refusal of that recipient is in the result, not an exception.</summary>
    /// <exception cref="RequestFailedException">The service refused the whole request.</exception>
    public virtual async Task<Response<SmsSendResult>> SendAsync(
        string from, string to, string message, SmsSendOptions options = default, CancellationToken cancellationToken = default)
    {
        NotNullOrEmpty(from, nameof(from));
        NotNullOrEmpty(to, nameof(to));
        var response = await SendAsync(from, [to], message, options, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(response.Value[0], response.GetRawResponse());
    }

    /// <inheritdoc cref="SendAsync(string, string, string, SmsSendOptions, CancellationToken)"/>
    public virtual Response<SmsSendResult> Send(
        string from, string to, string message, SmsSendOptions options = default, CancellationToken cancellationToken = default)
    {
        NotNullOrEmpty(from, nameof(from));
        NotNullOrEmpty(to, nameof(to));
        var response = Send(from, [to], message, options, cancellationToken);
        return Response.FromValue(response.Value[0], response.GetRawResponse());
    }

    /// <summary>Sends one message to up to 100 recipients, with a result for each of them.</summary>
    /// <exception cref="RequestFailedException">The service refused the whole request.</exception>
    public virtual async Task<Response<IReadOnlyList<SmsSendResult>>> SendAsync(
        string from, IEnumerable<string> to, string message, SmsSendOptions options = default, CancellationToken cancellationToken = default)
    {
        var recipients = Recipients(from, to);
        return await _rest.SendAsync(from, recipients, message, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="SendAsync(string, IEnumerable{string}, string, SmsSendOptions, CancellationToken)"/>
    public virtual Response<IReadOnlyList<SmsSendResult>> Send(
        string from, IEnumerable<string> to, string message, SmsSendOptions options = default, CancellationToken cancellationToken = default)
    {
        var recipients = Recipients(from, to);
        return _rest.Send(from, recipients, message, options, cancellationToken);
    }

    /// <summary>
    /// Each recipient gets a repeatability pair of its own, made once per call: the pipeline's retries repeat it, a
    /// second call does not.
    /// </summary>
    private static List<SmsRecipient> Recipients(string from, IEnumerable<string> to)
    {
        NotNullOrEmpty(from, nameof(from));
        ArgumentNullException.ThrowIfNull(to);
        List<SmsRecipient> recipients = [.. to.Select(static number => new SmsRecipient(
            NotNullOrEmpty(number, nameof(to)),
            Guid.NewGuid().ToString(),
            DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture)))];
        return recipients.Count == 0
            ? throw new ArgumentException("Value cannot be an empty collection.", nameof(to))
            : recipients;
    }

    private static ConnectionString Parse(string connectionString) =>
        ConnectionString.Parse(NotNullOrEmpty(connectionString, nameof(connectionString)));

    private static T NotNull<T>(T value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);

    private static string NotNullOrEmpty(string value, string name) => value switch
    {
        null => throw new ArgumentNullException(name),
        "" => throw new ArgumentException("Value cannot be an empty string.", name),
        _ => value,
    };
}
