using System.Buffers.Text;
using System.Text;
using Serverless940.Core.Nearby;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Tests.Nearby;

public sealed class FollowIdTests
{
    private static readonly byte[] s_key = Encoding.UTF8.GetBytes("a key of the tests, long enough");
    private static readonly DateTimeOffset s_now = new(2026, 3, 29, 6, 0, 0, TimeSpan.Zero);
    private static readonly string s_number = ReportNumber.Derive(ReportNumber.SourceHash("a"), 2026);

    [Fact]
    public void An_id_gives_its_number_back_until_its_time_is_over()
    {
        var id = FollowId.Create(s_key, s_number, s_now);

        Assert.Equal(FollowId.Length, id.Length);
        Assert.Equal((s_number, false), FollowId.Read(s_key, id, s_now));
        Assert.Equal((s_number, false), FollowId.Read(s_key, id, s_now + FollowId.Life));
        Assert.Equal((null, true), FollowId.Read(s_key, id, s_now + FollowId.Life + TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Numbers_of_years_that_begin_with_zero_come_back_whole()
    {
        var number = ReportNumber.Derive(ReportNumber.SourceHash("b"), 2101);
        Assert.StartsWith("01", number, StringComparison.Ordinal);
        Assert.Equal((number, false), FollowId.Read(s_key, FollowId.Create(s_key, number, s_now), s_now));
    }

    [Fact]
    public void Nobody_reads_the_number_and_two_ids_have_nothing_in_common()
    {
        var ids = Enumerable.Range(0, 200).Select(i => ReportNumber.Derive(ReportNumber.SourceHash($"{i}"), 2026))
            .Select(number => (number, Bytes: Base64Url.DecodeFromChars(FollowId.Create(s_key, number, s_now)))).ToList();

        Assert.Equal(200, ids.Select(pair => Convert.ToHexString(pair.Bytes.AsSpan(0, 12))).Distinct().Count());
        Assert.All(ids, pair =>
        {
            var plain = BitConverter.GetBytes(long.Parse(pair.number, System.Globalization.CultureInfo.InvariantCulture));
            Array.Reverse(plain);
            Assert.Equal(-1, pair.Bytes.AsSpan().IndexOf(plain.AsSpan(3)));
            Assert.DoesNotContain(pair.number, Encoding.Latin1.GetString(pair.Bytes), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void One_changed_bit_another_key_or_anything_else_is_no_id()
    {
        var id = FollowId.Create(s_key, s_number, s_now);
        var bytes = Base64Url.DecodeFromChars(id);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal((null, false), FollowId.Read(s_key, Base64Url.EncodeToString(changed), s_now));
        }

        Assert.Equal((null, false), FollowId.Read("another key"u8, id, s_now));
        Assert.All(new[] { null, "", s_number, id + "A", id[..^1], new string('*', FollowId.Length) }, text => Assert.Equal((null, false), FollowId.Read(s_key, text, s_now)));
        Assert.Throws<ArgumentException>(() => FollowId.Create(s_key, "1", s_now));
    }
}
