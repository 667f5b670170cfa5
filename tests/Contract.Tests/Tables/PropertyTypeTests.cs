using Azure.Data.Tables;

namespace Serverless940.Contract.Tests.Tables;

public sealed class PropertyTypeTests
{
    private static readonly DateTimeOffset At = new(2026, 2, 28, 23, 59, 59, 999, TimeSpan.FromHours(3));
    private static readonly Guid Id = new("6f1d9a52-4f9e-4a5c-9a4e-0c9d3a0d5f11");

    [Fact]
    public async Task A_bag_keeps_the_type_of_every_value()
    {
        var table = await TestTable.CreateAsync();
        var sent = new TableEntity("p", "r")
        {
            ["Text"] = "سطر\nوآخر \"بين\" <علامتين> {قوسين} \\ \u2028",
            ["Empty"] = "",
            ["Small"] = int.MinValue,
            ["Large"] = long.MaxValue,
            ["SmallLarge"] = 7L,
            ["Measured"] = 26.4282,
            ["Whole"] = 5.0,
            ["Tiny"] = double.Epsilon,
            ["NotANumber"] = double.NaN,
            ["Yes"] = true,
            ["No"] = false,
            ["At"] = At.AddTicks(1234567),
            ["Utc"] = At.UtcDateTime,
            ["Id"] = Id,
            ["Bytes"] = new byte[] { 0, 1, 254, 255 },
            ["NoBytes"] = Array.Empty<byte>(),
            ["Blob"] = BinaryData.FromString("صورة"),
            ["Nothing"] = null,
        };

        await table.AddEntityAsync(sent);
        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(sent["Text"], read["Text"]);
        Assert.Equal("", read["Empty"]);
        Assert.Equal(int.MinValue, read["Small"]);
        Assert.Equal(long.MaxValue, read["Large"]);
        Assert.Equal(7L, read["SmallLarge"]);
        Assert.Equal(26.4282, read["Measured"]);
        Assert.Equal(5.0, read["Whole"]);
        Assert.Equal(double.Epsilon, read["Tiny"]);
        Assert.Equal(double.NaN, read["NotANumber"]);
        Assert.Equal(true, read["Yes"]);
        Assert.Equal(false, read["No"]);
        Assert.Equal(At.AddTicks(1234567), read["At"]);
        Assert.Equal(At, read["Utc"]);
        Assert.Equal(Id, read["Id"]);
        Assert.Equal(new byte[] { 0, 1, 254, 255 }, read["Bytes"]);
        Assert.Equal(Array.Empty<byte>(), read["NoBytes"]);
        Assert.Equal("صورة", read.GetBinaryData("Blob").ToString());
        Assert.False(read.ContainsKey("Nothing"));
    }

    [Fact]
    public async Task A_typed_entity_keeps_every_property()
    {
        var table = await TestTable.CreateAsync();
        var sent = Sample();

        await table.AddEntityAsync(sent);
        var read = (await table.GetEntityAsync<Reading>("p", "r")).Value;

        Assert.Equal(sent.Text, read.Text);
        Assert.Equal(sent.Small, read.Small);
        Assert.Equal(sent.Large, read.Large);
        Assert.Equal(sent.Measured, read.Measured);
        Assert.True(read.Flag);
        Assert.Equal(sent.At, read.At);
        Assert.Equal(sent.Utc, read.Utc);
        Assert.Equal(DateTimeKind.Utc, read.Utc.Kind);
        Assert.Equal(sent.Id, read.Id);
        Assert.Equal(sent.Bytes, read.Bytes);
        Assert.Equal("صورة", read.Blob!.ToString());
        Assert.Equal(Pressure.High, read.Pressure);
        Assert.Equal(sent.MaybeSmall, read.MaybeSmall);
        Assert.Equal(sent.MaybeLarge, read.MaybeLarge);
        Assert.Equal(double.NaN, read.MaybeMeasured);
        Assert.Equal(sent.MaybeFlag, read.MaybeFlag);
        Assert.Equal(sent.MaybeAt, read.MaybeAt);
        Assert.Equal(sent.MaybeId, read.MaybeId);
        Assert.Equal(Pressure.Low, read.MaybePressure);
        Assert.Equal("alias", read.Alias);
        Assert.Null(read.Private);
        Assert.NotEqual(default, read.ETag);
        Assert.NotNull(read.Timestamp);
    }

    [Fact]
    public async Task A_typed_entity_goes_under_its_wire_names_and_types()
    {
        var table = await TestTable.CreateAsync();
        await table.AddEntityAsync(Sample());

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal("alias", read["renamed"]);
        Assert.False(read.ContainsKey("Alias"));
        Assert.False(read.ContainsKey("Private"));
        Assert.Equal("High", read["Pressure"]);
        Assert.Equal(84, read["Doubled"]);
        Assert.IsType<long>(read["Large"]);
        Assert.IsType<Guid>(read["Id"]);
        Assert.IsType<DateTimeOffset>(read["Utc"]);
        Assert.IsType<byte[]>(read["Blob"]);
    }

    [Fact]
    public async Task Properties_that_are_null_or_unknown_leave_a_typed_entity_at_its_defaults()
    {
        var table = await TestTable.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Unknown"] = 1, ["Text"] = null });

        var read = (await table.GetEntityAsync<Reading>("p", "r")).Value;

        Assert.Null(read.Text);
        Assert.Null(read.MaybeLarge);
        Assert.Null(read.MaybePressure);
        Assert.Equal(0, read.Small);
    }

    [Fact]
    public async Task An_explicitly_implemented_entity_keeps_its_keys()
    {
        var table = await TestTable.CreateAsync();

        await table.AddEntityAsync<ITableEntity>(new Hidden("p", "r") { Note = "n" });
        var read = (await table.GetEntityAsync<Hidden>("p", "r")).Value;

        Assert.Equal("p", ((ITableEntity)read).PartitionKey);
        Assert.Equal("r", ((ITableEntity)read).RowKey);
        Assert.Equal("n", read.Note);
    }

    [Fact]
    public async Task Values_without_a_form_in_the_service_are_refused_before_anything_is_sent()
    {
        var table = await TestTable.CreateAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => Add(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local)));
        await Assert.ThrowsAsync<NotSupportedException>(() => Add(Pressure.High));
        await Assert.ThrowsAsync<NotSupportedException>(() => Add((short)1));
        await Assert.ThrowsAsync<ArgumentException>(() => Add(double.PositiveInfinity));
        Assert.Empty(await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").ToListAsync());

        Task Add(object value) => table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = value });
    }

    [Fact]
    public async Task A_typed_property_does_not_take_another_type()
    {
        var table = await TestTable.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Small"] = "words", ["Large"] = 5 });
        await table.AddEntityAsync(new TableEntity("p", "s") { ["Large"] = 5 });

        await Assert.ThrowsAsync<InvalidCastException>(() => table.GetEntityAsync<Reading>("p", "r"));
        await Assert.ThrowsAsync<ArgumentNullException>(() => table.GetEntityAsync<Reading>("p", "s"));
    }

    [Fact]
    public void A_bag_hands_out_a_value_only_as_what_it_is()
    {
        var entity = new TableEntity("p", "r") { ["Large"] = 5L, ["Measured"] = 1.0, ["At"] = At, ["Bytes"] = new byte[] { 1 } };
        entity["Large"] = 6;
        entity["Measured"] = 2;

        Assert.Equal(6L, entity.GetInt64("Large"));
        Assert.Equal(2.0, entity.GetDouble("Measured"));
        Assert.Equal(At.UtcDateTime, entity.GetDateTime("At"));
        Assert.Equal([1], entity.GetBinaryData("Bytes").ToArray());
        Assert.Null(entity.GetString("Absent"));
        Assert.Throws<InvalidOperationException>(() => entity.GetInt32("Large"));
        Assert.Throws<InvalidOperationException>(() => entity.GetString("Large"));
        Assert.Throws<ArgumentException>(() => entity.GetString(""));
        Assert.Equal(6, entity.Count);
        Assert.True(entity.Remove("Large"));
        Assert.Equal(default, new TableEntity().ETag);
    }

    private static Reading Sample() => new()
    {
        PartitionKey = "p",
        RowKey = "r",
        Text = "قراءة",
        Small = 42,
        Large = long.MinValue,
        Measured = 5.0,
        Flag = true,
        At = At,
        Utc = At.UtcDateTime,
        Id = Id,
        Bytes = [9, 8, 7],
        Blob = BinaryData.FromString("صورة"),
        Pressure = Pressure.High,
        MaybeSmall = 1,
        MaybeLarge = 2,
        MaybeMeasured = double.NaN,
        MaybeFlag = false,
        MaybeAt = At,
        MaybeId = Id,
        MaybePressure = Pressure.Low,
        Alias = "alias",
        Private = "never leaves",
    };

    private sealed class Hidden : ITableEntity
    {
        public Hidden()
        {
        }

        public Hidden(string partition, string row)
        {
            ((ITableEntity)this).PartitionKey = partition;
            ((ITableEntity)this).RowKey = row;
        }

        public string? Note { get; set; }

        string ITableEntity.PartitionKey { get; set; } = "";

        string ITableEntity.RowKey { get; set; } = "";

        DateTimeOffset? ITableEntity.Timestamp { get; set; }

        Azure.ETag ITableEntity.ETag { get; set; }
    }
}
