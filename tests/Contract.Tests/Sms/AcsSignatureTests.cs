using System.Text;
using Azure.Communication.Pipeline;
using Serverless940.Local.Simulators.Sms;

namespace Serverless940.Contract.Tests.Sms;

public class AcsSignatureTests
{
    [Theory]
    [MemberData(nameof(AcsVectors.Of), "content-sha256", MemberType = typeof(AcsVectors))]
    public void The_content_hash_is_the_published_one(int vector) =>
        Assert.Equal(
            AcsVectors.Get(vector, "expected"), HmacAuthenticationPolicy.ContentHash(Encoding.UTF8.GetBytes(AcsVectors.Get(vector, "body"))));

    [Theory]
    [MemberData(nameof(AcsVectors.Of), "hmac-primitive", MemberType = typeof(AcsVectors))]
    public void The_signature_of_a_text_is_the_published_one(int vector) =>
        Assert.Equal(
            AcsVectors.Get(vector, "expected"),
            HmacAuthenticationPolicy.Signature(AcsVectors.Get(vector, "accessKey"), AcsVectors.Get(vector, "text")));

    [Theory]
    [MemberData(nameof(AcsVectors.Of), "hmac-authorization", MemberType = typeof(AcsVectors))]
    public void The_authorization_of_a_request_is_the_published_one(int vector)
    {
        var uri = new Uri("https://" + AcsVectors.Get(vector, "host") + AcsVectors.Get(vector, "pathAndQuery"));
        var hash = HmacAuthenticationPolicy.ContentHash(Encoding.UTF8.GetBytes(AcsVectors.Get(vector, "body")));

        var header = HmacAuthenticationPolicy.Authorization(
            AcsVectors.Get(vector, "accessKey"), AcsVectors.Get(vector, "method"), uri, AcsVectors.Get(vector, "date"), hash);

        Assert.Equal(
            "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=" + AcsVectors.Get(vector, "expected"), header);
    }

    [Theory]
    [MemberData(nameof(AcsVectors.Of), "hmac-authorization", MemberType = typeof(AcsVectors))]
    public void The_simulator_expects_the_published_signature(int vector) =>
        Assert.Equal(
            AcsVectors.Get(vector, "expected"),
            Convert.ToBase64String(AcsSignature.Sign(
                AcsVectors.Get(vector, "accessKey"), AcsVectors.Get(vector, "method"), AcsVectors.Get(vector, "pathAndQuery"),
                AcsVectors.Get(vector, "date"), AcsVectors.Get(vector, "host"), AcsVectors.Get(vector, "contentSha256"))));
}
