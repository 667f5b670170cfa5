using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Serverless940.Contract.Tests.Tables;

[SuppressMessage("Usage", "CA1309", Justification = "A filter is translated, never run.")]
[SuppressMessage("Usage", "CA1866", Justification = "A filter is translated, never run.")]
[SuppressMessage("Usage", "CA2251", Justification = "A filter is translated, never run.")]
public sealed class FilterTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 6, 4, 5, TimeSpan.FromHours(3));

    [Fact]
    public void Expressions_become_the_filters_of_the_official_client()
    {
        var captured = 5;
        var wide = 5L;
        int? maybe = 7;
        var holder = new { Name = "n'x", Inner = new { Flag = true } };

        Check("PartitionKey eq 'p'", e => e.PartitionKey == "p");
        Check("(PartitionKey eq 'p') and (RowKey ge 'a')", e => e.PartitionKey == "p" && e.RowKey.CompareTo("a") >= 0);
        Check("((Small eq 5) or (Small lt 1)) and (Large gt 5L)", e => (e.Small == captured || e.Small < 1) && e.Large > wide);
        Check("Small eq 5L", e => e.Small == wide);
        Check("Small eq 7", e => e.Small == maybe);
        Check("MaybeSmall ne 5", e => e.MaybeSmall != captured);
        Check("MaybeSmall eq 5", e => e.MaybeSmall!.Value == 5);
        Check("Text eq 'n''x'", e => e.Text == holder.Name);
        Check("Flag eq true", e => e.Flag);
        Check("not (Flag eq true)", e => !e.Flag);
        Check("Flag eq false", e => e.Flag == false);
        Check("(Flag eq true) and (Small eq 1)", e => e.Flag && e.Small == 1);
        Check("true and (Small eq 1)", e => holder.Inner.Flag && e.Small == 1);
        Check("not ((Small eq 1) or (Small eq 2))", e => !(e.Small == 1 || e.Small == 2));
        Check("Measured gt 2.0", e => e.Measured > 2);
        Check("Measured gt 2.5", e => e.Measured > 2.5);
        Check("At ge datetime'2026-01-02T03:04:05Z'", e => e.At >= At);
        Check("Utc lt datetime'2026-01-02T03:04:05Z'", e => e.Utc < At.UtcDateTime);
        Check("Id eq guid'6f1d9a52-4f9e-4a5c-9a4e-0c9d3a0d5f11'", e => e.Id == new Guid("6f1d9a52-4f9e-4a5c-9a4e-0c9d3a0d5f11"));
        Check("Bytes eq X'01ABFF'", e => e.Bytes == new byte[] { 1, 171, 255 });
        Check("renamed eq 'a'", e => e.Alias == "a");
        Check("Text eq 'a'", e => string.Equals(e.Text, "a"));
        Check("Text lt 'a'", e => string.Compare(e.Text, "a") < 0);
        Check("Pressure eq 1", e => e.Pressure == Pressure.High);
        Check(null, e => true);
    }

    [Fact]
    public void A_bag_is_asked_by_name()
    {
        Assert.Equal("Small eq 5", TableClient.CreateQueryFilter<TableEntity>(e => e.GetInt32("Small") == 5));
        Assert.Equal("Text eq 'a'", TableClient.CreateQueryFilter<TableEntity>(e => e.GetString("Text") == "a"));
        Assert.Equal("Text eq 'a'", TableClient.CreateQueryFilter<TableEntity>(e => (string)e["Text"] == "a"));
        Assert.Equal("PartitionKey eq 'a'", TableClient.CreateQueryFilter<TableEntity>(e => e.PartitionKey == "a"));
        Assert.Equal("TableName eq 'a'", TableServiceClient.CreateQueryFilter(t => t.Name == "a"));
    }

    [Fact]
    public void What_the_service_cannot_compare_is_refused()
    {
        Refuse(e => e.Text!.StartsWith("a"));
        Refuse(e => e.Text!.Contains('a'));
        Refuse(e => e.Text!.Equals("a", StringComparison.OrdinalIgnoreCase));
        Refuse(e => string.Compare(e.Text, "a", StringComparison.Ordinal) == 0);
        Refuse(e => string.Equals(e.Text, "a", StringComparison.Ordinal));
        Refuse(e => (e.Flag ? e.Small : 1) == 1);
        Assert.Throws<InvalidOperationException>(() => TableClient.CreateQueryFilter<Reading>(e => e.Text == null || e.Text!.Equals('a')));

        static void Refuse(Expression<Func<Reading, bool>> filter) =>
            Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter(filter));
    }

    [Fact]
    public void Interpolated_values_are_quoted_by_their_type()
    {
        var id = new Guid("6f1d9a52-4f9e-4a5c-9a4e-0c9d3a0d5f11");

        Assert.Equal("A eq 'it''s' and B eq 5", TableClient.CreateQueryFilter($"A eq {"it's"} and B eq {5}"));
        Assert.Equal("A eq 5L", TableClient.CreateQueryFilter($"A eq {5L}"));
        Assert.Equal("A eq true", TableClient.CreateQueryFilter($"A eq {true}"));
        Assert.Equal("A eq 1.5", TableClient.CreateQueryFilter($"A eq {1.5}"));
        Assert.Equal("A eq guid'6f1d9a52-4f9e-4a5c-9a4e-0c9d3a0d5f11'", TableClient.CreateQueryFilter($"A eq {id}"));
        Assert.Equal("A eq datetime'2026-01-02T03:04:05Z'", TableClient.CreateQueryFilter($"A eq {At}"));
        Assert.Equal("A eq datetime'2026-01-02T03:04:05Z'", TableClient.CreateQueryFilter($"A eq {At.UtcDateTime}"));
        Assert.Equal("TableName eq 'a'", TableServiceClient.CreateQueryFilter($"TableName eq {"a"}"));
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {new object()}"));
    }

    [Fact]
    public void Error_codes_compare_without_regard_to_case()
    {
        Assert.True(TableErrorCode.TableNotFound == "tablenotfound");
        Assert.False(TableErrorCode.TableNotFound == TableErrorCode.EntityNotFound);
        Assert.Equal("TableNotFound", TableErrorCode.TableNotFound.ToString());
    }

    private static void Check(string? expected, Expression<Func<Reading, bool>> filter) =>
        Assert.Equal(expected, TableClient.CreateQueryFilter(filter));
}
